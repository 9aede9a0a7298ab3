// What an agent is told of any call, whatever it asks.

import type { Ask, Call } from "./call.ts";
import type { CallTree } from "./calls/call-tree.ts";
import type { Caller, Host } from "./host.ts";

/** All of a call but what is asked. */
export type CallFacts = Omit<Call, keyof Ask | "lastUserText">;

/** Without what is made only for who looks at it. */
type Facts = Omit<CallFacts, "log" | "signal">;

/** @param own what was made for this call alone */
export function callFacts(
  { agent: { name: self } }: Host,
  { requestId, traceId, from, identity, certificateNames, grant, deadline }: Caller,
  own: {
    readonly id: string;
    readonly tree: CallTree;
  },
): Facts {
  const { id, tree } = own;
  return {
    id,
    requestId,
    traceId,
    self,
    agent: tree.agent,
    egress: tree.egress,
    ...(from !== undefined && { from }),
    ...(identity !== undefined && { caller: identity }),
    ...(certificateNames !== undefined && { certificateNames }),
    ...(grant !== undefined && { grant }),
    ...(deadline !== undefined && { deadline: new Date(deadline) }),
  };
}
