// Codes of policies that are well written and still cannot be: issuers, access, limits, budgets.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const policyCodes = {
  SC413: {
    kind: "semantic",
    message: "The issuer `{issuer}` is listed twice; first on {place}.",
    hint: "Keep one of them; it may have several `audiences`.",
    about:
      "A token is checked by the rules of the issuer that it names, so each issuer has one entry.",
  },
  SC414: {
    kind: "semantic",
    message: "`{issuer}` is the mesh's own issuer, whose tokens are taken anyway.",
    hint: "Remove it; `smartcall token` and `smartcall key` make its tokens.",
    about: "Whoever could publish keys for the mesh's own issuer could make any token of the mesh.",
  },
  SC415: {
    kind: "semantic",
    message: "`keys` of the issuer `{issuer}` has {found}.",
    hint: "Write `{ url: URL }`, which may have `ca` and `internal` beside it, or `{ file: PATH }`.",
    about: "The keys of an issuer come from one place: a URL or a file.",
  },
  SC416: {
    kind: "semantic",
    message: "Keys cannot be fetched from `{url}`: {reason}.",
    hint: "{advice}",
    about:
      "Whoever can change an issuer's keys can make its tokens, so they are fetched over TLS only. Nothing is fetched from addresses where clouds keep a machine's credentials (link-local ones), nor from such as no server has (`0.0.0.0`, multicast).",
  },
  SC417: {
    kind: "semantic",
    message: "`{host}` is not a public address, and keys are not fetched from there unasked.",
    hint: "Add `internal: true` beside it, if it is yours.",
    about:
      "The control plane can reach what callers cannot: its own machine, networks behind it, a cloud's metadata. So a URL in `mesh.yaml` leads there only where that is said. Names are looked at again when they are looked up.",
  },
  SC418: {
    kind: "semantic",
    message: "A limit of the route `{route}` has {found}.",
    hint: "Write `{ requests: 60, per: minute, by: subject }` or `{ concurrent: 4, by: subject }`.",
    about:
      "A limit bounds either how many calls begin in a window of time, or how many run at once.",
  },
  SC419: {
    kind: "semantic",
    message: "The route `{route}` has two limits {over} by `{key}`; the first is on {place}.",
    hint: "Keep the smaller one; the other never counts.",
    about: "Of two limits of the same calls over the same time the larger can never be reached.",
  },
  SC420: {
    kind: "semantic",
    message: "{what} of the route `{route}` is by `{key}`, but the route {because}.",
    hint: "Count by `address` or for all together, or ask for a token.",
    about:
      "Subjects and claims are what tokens say. Callers that need none would all be counted as one, or not at all.",
  },
  SC421: {
    kind: "semantic",
    message: "The route `{route}` asks for certificates, but the gateway asks no caller for one.",
    hint: "Add `clients: { ca: { file: PATH } }` under `gateway`.",
    about:
      "A caller shows a certificate only when the gateway asks for one, which it does where `gateway.clients` names the authorities that it believes.",
  },
  SC422: {
    kind: "semantic",
    message: "The route `{route}` has {count} limits per second or minute; at most {most} can be.",
    hint: "Keep those that matter, or count some of them per hour.",
    about:
      "Seconds and minutes are counted in the gateways themselves, which have only so many places for it on each route.",
  },
  SC423: {
    kind: "semantic",
    message: "The budget `{budget}` has {found}.",
    hint: "Write `tokens: NUMBER` or `money: NUMBER`.",
    about: "A budget counts one thing. For both, make two budgets, one within the other.",
  },
  SC424: {
    kind: "semantic",
    message: "Budgets are within each other in a circle: {circle}.",
    hint: "Remove one `within`.",
    about: "What is spent counts for a budget, for the one that it is within, and so on to an end.",
  },
  SC425: {
    kind: "semantic",
    message:
      "The route `{route}` is paid from `{budget}`, which counts money, but `{agent}` has no price.",
    hint: "Add `{agent}: { input: PRICE, output: PRICE }` under `prices`.",
    about:
      "What a call costs is what its tokens cost, so every agent that a route sends calls to needs a price, also one whose weight is 0.",
  },
  SC426: {
    kind: "semantic",
    message: "The route `{route}` refuses calls below {minimum} tokens, but takes only {reserve}.",
    hint: "Write a `minimum` that is at most `reserve`.",
    about: "A call runs with at most `reserve` tokens, so with a larger `minimum` none would run.",
  },
  SC427: {
    kind: "semantic",
    message:
      "The route `{route}` takes {reserved} for a call, but `{budget}` has {amount} per {per}.",
    hint: "Lower `reserve`, or raise the budget.",
    about: "Not even the first call of a window could have all that it is to reserve.",
  },
  SC428: {
    kind: "semantic",
    severity: "warning",
    message: "No route is paid from the budget `{budget}`.",
    hint: "Write `budget: { of: {budget}, reserve: 4000 }` in a route, or remove it.",
    about: "A budget bounds the calls of routes that name it, or name a budget within it.",
  },
  SC429: {
    kind: "semantic",
    message: "`{inner}` ({small}) is more than `{outer}` ({large}), of which it is a part.",
    hint: "Lower the one, or raise the other.",
    about: "A path is one of the headers, and headers are a part of the request.",
  },
  SC430: {
    kind: "semantic",
    message: "The budget `{budget}` begins a chain of more than {most}, each within the next.",
    hint: "Remove a `within`.",
    about: "Every call looks into each of the budgets that it is paid from.",
  },
  SC431: {
    kind: "semantic",
    message: "The weights of the route `{route}` add up to {sum}; at most {most} can be.",
    hint: "Write smaller weights; they are shares of their sum, so only their ratios count.",
    about: "Envoy adds the weights of a route up, and the sum must fit 32 bits.",
  },
  SC432: {
    kind: "semantic",
    message: "{address} of the agent `{agent}` is where the gateway itself listens.",
    hint: "Write another port here, or another one in `gateway.https.port`.",
    about:
      "A gateway would call itself, or could not listen, because the agent already does. Addresses of loopback are those of the gateway's own machine.",
  },
  SC433: {
    kind: "semantic",
    severity: "warning",
    message: "The agents `{other}` ({place}) and `{agent}` are both at {address}.",
    hint: "Write the address under one of them, unless one service answers for both.",
    about:
      "Most often one of the two was copied, and calls to one agent would be answered by the other.",
  },
  SC434: {
    kind: "semantic",
    message:
      "The route `{route}` is paid from a budget, and tries calls again that an agent has begun.",
    hint: "Remove `retry`; what no instance took is tried again without it.",
    about:
      "What a failed try has used is known to nobody, so each try could use all that is reserved for the call, and more would be used than is charged.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
