// What a gRPC client without a proxy gets: each agent by its name, and nothing of the edge.
//
// https://github.com/grpc/proposal/blob/master/A27-xds-global-load-balancing.md

import { emptySnapshot } from "../snapshot/compare.ts";
import type { Resource, Snapshot } from "../snapshot/snapshot.ts";
import { type View, viewOf } from "../snapshot/view.ts";
import { type ProxylessAgent, proxylessAgent, proxylessEndpoints } from "./proxyless-agent.ts";

/**
 * Gives the view of gRPC clients that belongs to a gateway's, made once for all
 * of them. It has no secrets: whoever reaches an agent so needs none.
 */
export function createProxyless(): (view: View) => View {
  const views = new WeakMap<View, View>();
  const agents = new WeakMap<Resource, { readonly made: ProxylessAgent | undefined }>();
  const endpoints = new WeakMap<Resource, Resource>();
  let last: View | undefined;

  const agentOf = (cluster: Resource): ProxylessAgent | undefined => {
    const agent = agents.get(cluster) ?? { made: proxylessAgent(cluster) };
    agents.set(cluster, agent);
    return agent.made;
  };
  const endpointsOf = (resource: Resource): Resource => {
    const made = endpoints.get(resource) ?? proxylessEndpoints(resource);
    endpoints.set(resource, made);
    return made;
  };
  const snapshotOf = ({ snapshot, references }: View): Snapshot => {
    const found = [...snapshot.cluster.values()].flatMap((cluster) => agentOf(cluster) ?? []);
    return {
      ...emptySnapshot,
      listener: byName(found.map(({ listener }) => listener)),
      cluster: byName(found.map(({ cluster }) => cluster)),
      endpoint: byName(
        found.flatMap(({ cluster: { name } }) => {
          const cluster = snapshot.cluster.get(name);
          const [list = name] = (cluster && references.get(cluster)?.endpoint) ?? [];
          const resource = snapshot.endpoint.get(list);
          return resource === undefined ? [] : [endpointsOf(resource)];
        }),
      ),
    };
  };
  return (view) => {
    const made = views.get(view) ?? viewOf(snapshotOf(view), last);
    views.set(view, made);
    last = made;
    return made;
  };
}

function byName(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  return new Map(resources.map((resource) => [resource.name, resource]));
}
