// What endpoints and their clusters tell of each other.

import type { ResourceType } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import { clusterOfEndpoints } from "../translate/endpoints-name.ts";
import type { Response } from "./request.ts";
import { type Subscription, unsure } from "./subscription.ts";
import { toldWhole } from "./variant.ts";

/**
 * The endpoints of the clusters that a response adds or changes.
 *
 * A cluster that was added or changed warms until its endpoints come again
 * after it, and Envoy does not ask again for those that it watches already
 * (envoyproxy/envoy#13009).
 *
 * @param before the subscription to clusters before the response
 */
export function endpointsOf(
  before: Subscription,
  { resources, whole }: Response,
  view: View,
): ReadonlySet<string> {
  // What a refusal left in doubt, a whole response may change back.
  const doubtful = [...(whole?.resources.values() ?? [])].filter(
    ({ name }) => before.held.get(name) === unsure,
  );
  return new Set(
    [...resources, ...doubtful].flatMap((cluster) => view.references.get(cluster)?.endpoint ?? []),
  );
}

/**
 * A client that comes back may hold a cluster that its list of versions leaves
 * out: a good one of a refused response. It still asks for its endpoints, which
 * tells that it is there, in some version, and that calls may depend on it. A
 * client that is told all of its clusters loses such a one by that.
 */
export function doubtClusters(types: Readonly<Record<ResourceType, Subscription>>): {
  readonly cluster: Subscription;
  readonly resumed: boolean;
} {
  const { cluster, endpoint } = types;
  const doubtful = [...endpoint.names]
    .map(clusterOfEndpoints)
    .filter((name) => !cluster.held.has(name));
  if (!cluster.wildcard || doubtful.length === 0 || toldWhole(cluster)) {
    return { cluster, resumed: false };
  }
  const held = new Map([...cluster.held, ...doubtful.map((name) => [name, unsure] as const)]);
  // A new client asks for the endpoints of what it was just told.
  const resumed = doubtful.some((name) => !cluster.inFlight?.versions.has(name));
  return { cluster: { ...cluster, held }, resumed };
}
