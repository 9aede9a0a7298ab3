// What routes by model need of all REST routes of their agent.

import type { Any } from "@bufbuild/protobuf/wkt";
import { model } from "./filters/model.ts";
import { names } from "./names.ts";
import type { RoutedMesh } from "./routed-mesh.ts";

/** The agents with a route that asks for a model. */
export function agentsByModel(mesh: Pick<RoutedMesh, "routes">): ReadonlySet<string> {
  return new Set(
    mesh.routes.flatMap(({ match }) => (match.models === undefined ? [] : [match.agent])),
  );
}

/**
 * Reads the body of a call. On every REST route of the agent, since Envoy makes
 * the chain of filters by the route that a call has before its body is there.
 */
export const readingModel: Readonly<Record<string, Any>> = { [names.model]: model };
