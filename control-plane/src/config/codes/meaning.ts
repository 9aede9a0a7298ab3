// Codes of what has its form and still cannot be: names of nothing, parts at odds, secrets.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const meaningCodes = {
  SC301: {
    kind: "reference",
    message: "The route `{route}` sends calls to `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "A route can only send calls to agents of the same mesh.",
  },
  SC302: {
    kind: "reference",
    message: "The route `{route}` takes calls to `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "A route's `match` can only name agents of the same mesh.",
  },
  SC303: {
    kind: "reference",
    message: "The route `{route}` is paid from `{budget}`, which `budgets` does not list.",
    hint: "{advice}",
    about: "A route can only be paid from a budget of the same mesh.",
  },
  SC304: {
    kind: "reference",
    message: "The budget `{budget}` is within `{within}`, which `budgets` does not list.",
    hint: "{advice}",
    about: "A budget can only be within another budget of the same mesh.",
  },
  SC305: {
    kind: "reference",
    message: "`prices` has a price for `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "A price is for one of the mesh's agents, by its name.",
  },
  SC306: {
    kind: "reference",
    message: "The agent `{agent}` calls `{called}`, which `agents` does not list.",
    hint: "{advice}",
    about: "An agent can only call agents of the same mesh.",
  },
  SC307: {
    kind: "reference",
    message: "The route `{route}` falls back to `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "A route's `fallback` can only name agents of the same mesh.",
  },
  SC308: {
    kind: "reference",
    message: "The egress `{egress}` is for `{agent}`, which `agents` does not list.",
    hint: "{advice}",
    about: "An egress is for agents of the same mesh, by their names.",
  },
  SC401: {
    kind: "semantic",
    message:
      "The routes `{route}` and `{other}` ({place}) tie: both take {calls}, and neither is more specific.",
    hint: "Add a header or a claim to one of them, or remove one.",
    about:
      "The order of the file never decides. Of two routes that take the same call the one with the more exact path counts (a whole path, then the longer prefix, then a pattern), then the one with more headers, the one that asks for a model, and the one with more claims. Where all of that is equal, a third route that asks for all that both ask for also settles it.",
  },
  SC402: {
    kind: "semantic",
    message: "The route `{route}` can never match: {reason}.",
    hint: "{advice}",
    about:
      "No call can ever have what this route asks for, or routes that come before it take every call that has.",
  },
  SC403: {
    kind: "semantic",
    message: "Every weight of the route `{route}` is 0, so its calls can go nowhere.",
    hint: "Give at least one agent a weight above 0.",
    about:
      "Weights are shares of their sum. 0 is allowed for an agent that is to get no calls for a while, but not for all of them.",
  },
  SC404: {
    kind: "semantic",
    message: "The route `{route}` {because}, but {uses} claims, which only a token has.",
    hint: "{remove}, or remove `{key}`.",
    about:
      "A public route, and one that asks for nothing but certificates, takes callers without a token, and without a token there are no claims.",
  },
  SC405: {
    kind: "semantic",
    message: "The route `{route}` is public, but also says who is allowed.",
    hint: "Remove `public: true`, or remove `allow`.",
    about: "A route is either for everybody or for callers with scopes.",
  },
  SC406: {
    kind: "semantic",
    message: "Two routes have the name `{route}`; the first is on {place}.",
    hint: "Give each route a name of its own.",
    about: "A route is shown, measured and reported by its name.",
  },
  SC407: {
    kind: "semantic",
    message: "`{key}` is already set on {place}.",
    hint: "Keep it in one file only; agents, routes, budgets, prices and egress may be spread over several.",
    about: "In a folder of files, what describes the mesh as a whole is written once.",
  },
  SC408: {
    kind: "semantic",
    message: "`instances` of the agent `{agent}` has neither `static` nor `dns`.",
    hint: "Write `static: [ADDRESS]`, `dns: NAME:PORT` or both; or remove `instances`, since those that register themselves need none of it.",
    about:
      "`instances` says where instances are that do not register themselves: a list of addresses, a name that DNS knows, or both. Leases are taken beside them.",
  },
  SC409: {
    kind: "semantic",
    message:
      "{address} is not on this machine, and as no sidecar and without `tls` it would be reached in the clear.",
    hint: "Remove `sidecars: false` where a sidecar of this mesh listens there, or add `tls: { ca: { file: PATH } }` with the authority of the certificate that is there.",
    about:
      "Calls and the tokens in them never go between machines in the clear. An instance that is no sidecar, and has no certificate, can only be on loopback (`127.0.0.1`, `[::1]`, `localhost`) or behind a Unix socket.",
  },
  SC410: {
    kind: "semantic",
    message: "{address} is listed twice; first on {place}.",
    hint: "Keep one of them; every instance gets its share of the calls once.",
    about: "An address in `static` stands for one instance.",
  },
  SC411: {
    kind: "semantic",
    message: "The route `{route}` {because}, but asks for a model, which is read after the token.",
    hint: "{remove}, or remove `model`.",
    about:
      "Nobody without a token may make a gateway read and keep a whole body, so a body is looked into once its caller is known.",
  },
  SC412: {
    kind: "semantic",
    severity: "warning",
    message: "`sticky` of the route `{route}` changes nothing: `{agent}` answers all of its calls.",
    hint: "Remove it, or send calls to several agents with weights.",
    about:
      "A route can only be sticky between the agents that its `to` lists with a weight above 0.",
  },
  SC501: {
    kind: "not yet",
    message: "`{key}` in {where} is not supported yet. It will say {meaning}.",
    hint: "Remove it; this version would not do what it says.",
    about:
      "The key is reserved. Until then it is refused, since ignoring it would leave you without what you asked for.",
  },
  SC601: {
    kind: "secret",
    message: "A secret is written in this file.",
    hint: "Put it into a file that Git does not see, name it as `{ file: PATH }`, and replace the secret: it may have been read.",
    about:
      "`mesh.yaml` lives in Git and is shown to people, so secrets are only ever named in it. It is not printed.",
  },
  SC602: {
    kind: "secret",
    message: "The URL has a name or a password in it.",
    hint: "Remove it; key sets are public. Replace the password: it may have been read.",
    about: "A URL in `mesh.yaml` is shown to people and in logs, so it can hold no secret.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
