// Of a mesh's resources those that the sidecars of one agent are given.

import { descriptorSet } from "@smartcall/protos";
import type { Mesh, Trust } from "../model/mesh.ts";
import { createSidecarViews } from "../snapshot/sidecar-views.ts";
import { snapshotOf } from "../snapshot/snapshot-of.ts";
import { viewOf } from "../snapshot/view.ts";
import {
  type Described,
  meshSecrets,
  sidecarsOf,
  type Translation,
  translate,
} from "../translate/index.ts";

/** Ports are those of an instance: any that is free stands in their place. */
const place = { inbound: { host: "0.0.0.0", port: 0 }, egressPort: 0 } as const;

/** Undefined for an agent that the mesh lacks. */
export function sidecarTranslation(
  mesh: Mesh & { readonly trust: Trust },
  agent: string,
): Translation | undefined {
  const sidecars = sidecarsOf(mesh);
  const own = sidecars.of(agent, place);
  if (own === undefined) return undefined;
  const shared = translate(mesh, descriptorSet());
  const secrets = meshSecrets(mesh.trust);
  const all = viewOf({ ...snapshotOf(shared), sidecars }, undefined);
  const { snapshot } = createSidecarViews()(all, { agent, place, secrets });
  const given = <Message>(
    type: keyof Translation,
    its: readonly Described<Message>[],
    others: readonly Described<Message>[],
  ): readonly Described<Message>[] =>
    [...snapshot[type].keys()].flatMap(
      (name) =>
        its.find((one) => one.name === name) ?? others.find((one) => one.name === name) ?? [],
    );
  return {
    cluster: given("cluster", own.cluster, shared.cluster),
    endpoint: given("endpoint", own.endpoint, shared.endpoint),
    listener: given("listener", own.listener, []),
    route: given("route", own.route, []),
    secret: given("secret", [...own.secret, ...secrets], []),
    extension: given("extension", own.extension, shared.extension),
  };
}
