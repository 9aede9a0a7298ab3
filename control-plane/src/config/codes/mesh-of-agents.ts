// Codes of agents that call each other and hosts outside, and of what answers when others cannot.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const meshOfAgentsCodes = {
  SC435: {
    kind: "semantic",
    message: "`instances` of the agent `{agent}` has both `tls` and `sidecars: true`.",
    hint: "Remove `tls` where sidecars of this mesh listen there: they prove themselves by the mesh's own authority. Remove `sidecars` otherwise.",
    about:
      "An instance is either a sidecar of this mesh, or proves itself by a certificate of an authority that `tls` names.",
  },
  SC436: {
    kind: "semantic",
    message: "`calls` of the agent `{agent}` names itself.",
    hint: "Remove it; what an agent asks itself needs no call.",
    about:
      "An agent that called itself could only fill its own instances with calls. Agents may call each other in a circle: a call that comes through more than eight agents is refused.",
  },
  SC437: {
    kind: "semantic",
    message: "`{key}` of {of} names `{agent}` twice; first on {place}.",
    hint: "Keep one of them.",
    about: "An agent in a list of agents counts once.",
  },
  SC438: {
    kind: "semantic",
    message: "The route `{route}` falls back to `{agent}`, which already answers its calls.",
    hint: "Remove it from `fallback`; `retry` tries an agent again.",
    about:
      "A fallback answers where the agents of `to`, or the one that is asked for, cannot. It has to be another agent, or one with the weight 0.",
  },
  SC439: {
    kind: "semantic",
    message:
      "`{key}` ({time}) of the route `{route}` leaves no time for another try within its `timeout` ({timeout}).",
    hint: "Make `{key}` shorter than `timeout`, which holds for all tries together.",
    about:
      "The route's `timeout` bounds a whole call with all of its tries; what bounds one try must be less.",
  },
  SC440: {
    kind: "semantic",
    message: "`retry` of the route `{route}` has {found}.",
    hint: "{advice}",
    about:
      "A try is slow where it takes longer than `perTry` or `firstEvent`, so `slow` needs one of them, and they need `slow`. `hedge` begins another try after `perTry`.",
  },
  SC441: {
    kind: "semantic",
    message: "The route `{route}` is paid from a budget, and falls back to other agents.",
    hint: "Remove `fallback`, or send calls to several agents with weights.",
    about:
      "What an agent has used before it failed is known to nobody, so each agent that is asked could use all that is reserved for the call, and more would be used than is charged.",
  },
  SC442: {
    kind: "semantic",
    severity: "warning",
    message: "Nothing reaches the agent `{agent}`: it is hidden, and no agent calls it.",
    hint: "Add it to `calls` of an agent, or remove `expose: false`.",
    about:
      "An agent with `expose: false` is for other agents, and for routes that send calls or fall back to it.",
  },
  SC443: {
    kind: "semantic",
    severity: "warning",
    message: "`{key}` of the route `{route}` changes nothing: callers do not reach `{agent}`.",
    hint: "Remove it, or remove `expose: false` from the agent.",
    about:
      "A route of an agent with `expose: false` is for calls from other agents. Who may make those is said by `calls`; `allow`, `public` and `limits` are for callers from outside.",
  },
  SC444: {
    kind: "semantic",
    message: "Two egresses have the name `{egress}`; the first is on {place}.",
    hint: "Give each a name of its own.",
    about: "An agent asks for a host outside the mesh by the name of its egress.",
  },
  SC445: {
    kind: "semantic",
    message: "`key` of the egress `{egress}` has {found}.",
    hint: "Write either `{ env: NAME }` or `{ file: PATH }`.",
    about:
      "A key is read from one place: a variable of the control plane's environment, or a file.",
  },
  SC446: {
    kind: "semantic",
    severity: "warning",
    message: "`{key}` of the egress `{egress}` changes nothing: it has no `key`.",
    hint: "Add `key: { env: NAME }`, or remove `{key}`.",
    about: "`header` and `prefix` say how a key is sent.",
  },
  SC447: {
    kind: "semantic",
    message: "An agent cannot have the name `{agent}`.",
    hint: "Give it another name.",
    about:
      "An agent is told who calls it: `gateway`, or another agent's name. So no agent has that name.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
