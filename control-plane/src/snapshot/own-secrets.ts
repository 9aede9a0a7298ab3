// Secrets for those whose they are: what a mesh proves itself with is for its gateways alone.

import { emptySnapshot } from "./compare.ts";
import type { View } from "./view.ts";

/** What a gateway's Envoy says as the `cluster` of its node. */
const gatewayCluster = "gateway";

/** Gives each view without secrets to nodes that are no gateways, made once for all of them. */
export function createOwnSecrets(): (view: View, cluster: string) => View {
  const without = new WeakMap<View, View>();
  return (view, cluster) => {
    if (cluster === gatewayCluster) return view;
    const known = without.get(view) ?? withoutSecrets(view);
    without.set(view, known);
    return known;
  };
}

function withoutSecrets(view: View): View {
  const { secret } = emptySnapshot;
  return { ...view, snapshot: { ...view.snapshot, secret } };
}
