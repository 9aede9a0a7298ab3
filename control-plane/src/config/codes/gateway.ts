// Codes of what only a gateway finds: its checks are not ours.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const gatewayCodes = {
  SC801: {
    kind: "gateway",
    message: "The gateway {node} refuses the {type} `{name}`: {words}.",
    hint: "Change what this line asks for. Every gateway has what it had before.",
    about:
      "The file passed every check, and a gateway was given it before all others, but its Envoy does not take it; the message is in Envoy's words. Every gateway went back to what it had. Common reasons are an address that the gateway's machine does not have, a port that another program uses, and a certificate of a kind that Envoy does not know.",
  },
  SC802: {
    kind: "gateway",
    message: "No gateway has answered within {seconds} s: {nodes}.",
    hint: "See `smartcall nodes` and the gateways' logs; then save again.",
    about:
      "A change goes to one gateway first, and to the next where that one does not answer. None of those that are connected did, so the change was taken back.",
  },
  SC803: {
    kind: "gateway",
    message: "The mesh does not hold together: {problem}",
    hint: "This is a mistake of Smart Call, not of the file: please report it.",
    about:
      "What Envoy would be given names something that it would not be given. This is checked before anything is sent, and nothing was.",
  },
  SC804: {
    kind: "gateway",
    message: "Envoy does not take the {what}: {words}.",
    hint: "Change what this line asks for.",
    about:
      "Found by `smartcall validate --envoy`: the file passed every check of Smart Call, but Envoy would not start with what it becomes; the message is in Envoy's words. A common reason is a certificate of a kind that Envoy does not know. Nothing was sent to a gateway.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
