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
  SC805: {
    kind: "gateway",
    message:
      "The gateway {node} refuses the {type} `{name}`: {words}. Which line this comes from was not found.",
    hint: "Look for what the gateway's words name. Every gateway has what it had before.",
    about:
      "As SC801, but no single line could be told to be the reason: the gateway stopped answering while parts of the file were tried one after the other, or it refuses none of them by itself, or there is nothing older that it could go on with meanwhile.",
  },
  SC806: {
    kind: "gateway",
    message: "The gateway {node} is not back on what it had before: {words}.",
    hint: "See `smartcall nodes` and the gateway's log; apply the good file again once the reason is gone.",
    about:
      "A change was refused, and every gateway was told to go back to what it had. This one has not said that it did, or refuses it, so callers of this gateway may meet a part of the refused change, or nobody who answers. Other gateways are not concerned.",
  },
  SC807: {
    kind: "gateway",
    severity: "warning",
    message:
      "The gateway {node} refuses the {type} `{name}`, as it did before this change: {words}.",
    hint: "The change is served, but this gateway does not have all of it. See `smartcall nodes`.",
    about:
      "The change does not touch what this gateway refuses, so going back would not help, and the other gateways need not wait. What it refuses most often has to do with its machine, such as a port that another program uses.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;
