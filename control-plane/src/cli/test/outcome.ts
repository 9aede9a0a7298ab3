// What became of a case's call: who answered or refused it, and by which route.

import type { Mesh, Route } from "../../model/mesh.ts";
import type { Reply } from "./send-call.ts";

/** What became of a call. */
export type CaseOutcome =
  | { readonly kind: "answered"; readonly by: string; readonly route: Route }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly reason: string;
      readonly message: string;
      /** Undefined where no route of the mesh had a say in it. */
      readonly route: Route | undefined;
    }
  | { readonly kind: "broken"; readonly problem: string };

/** The outcome of a reply, given the name of the route that Envoy says took it. */
export function outcomeOf(reply: Reply, routeName: string | undefined, mesh: Mesh): CaseOutcome {
  if (reply.kind === "broken") return reply;
  const route = mesh.routes.find(({ name }) => name === routeName);
  if (reply.kind === "answered") {
    const { by } = reply;
    if (route !== undefined) return { kind: "answered", by, route };
    return { kind: "broken", problem: `${by} answered, but Envoy's log names no route for it` };
  }
  const { status, reason, message } = reply;
  const shared = { kind: "refused", status, reason, message } as const;
  return { ...shared, route: isOwn(routeName, reply) ? undefined : route };
}

/**
 * Whether the gateway refused by itself. Its own routes are named after their
 * reason, and a call without a good token never came to a route's rule.
 */
function isOwn(name: string | undefined, { status, reason }: Reply & { kind: "refused" }): boolean {
  return status === 401 || name === reason.toLowerCase().replaceAll("_", "-");
}
