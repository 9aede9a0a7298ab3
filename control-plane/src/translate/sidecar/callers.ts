// Whom the sidecars of an agent take calls from.

import { create } from "@bufbuild/protobuf";
import {
  type TypedExtensionConfig,
  TypedExtensionConfigSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/extension_pb.js";
import { RBAC_Action } from "@smartcall/envoy/api/envoy/config/rbac/v3/rbac_pb.js";
import { RBACSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import type { Agent, Route } from "../../model/mesh.ts";
import { type Described, madeOf } from "../described.ts";
import { callers } from "../filters/callers.ts";
import { any } from "../message.ts";
import { agentId, gatewayId } from "../reach.ts";
import { sidecarNames } from "./names.ts";
import type { SidecarMesh } from "./sidecar-mesh.ts";

/**
 * For each agent the SPIFFE names of those who may call it, sorted: the gateways, unless it
 * and all whose routes lead to it are hidden, and the agents that name it, or one whose
 * routes lead to it.
 */
export function callersOf(mesh: SidecarMesh): ReadonlyMap<string, readonly string[]> {
  const asked = askedFor(mesh.routes);
  const found = new Map<string, Set<string>>(mesh.agents.map(({ name }) => [name, new Set()]));
  const admit = (caller: string, called: string): void => {
    for (const agent of asked.get(called) ?? [called]) found.get(agent)?.add(caller);
  };
  for (const { calls = [], hidden, name } of mesh.agents) {
    if (hidden !== true) admit(gatewayId(mesh), name);
    for (const called of calls) admit(agentId(mesh, name), called);
  }
  return new Map([...found].map(([name, callers]) => [name, [...callers].sort()]));
}

/** The filter that refuses all others, by their certificates. */
export function callersFilter(
  { origin }: Pick<Agent, "origin">,
  certificates: readonly string[],
): Described<TypedExtensionConfig> {
  const name = sidecarNames.callers;
  return madeOf({ name, origin }, certificates, () =>
    create(TypedExtensionConfigSchema, {
      name,
      typedConfig: any(RBACSchema, {
        rules: {
          action: RBAC_Action.ALLOW,
          policies: {
            callers: {
              permissions: [{ rule: { case: "any", value: true } }],
              principals: [
                callers({ kind: "callers", scopes: [], withoutToken: true, certificates }),
              ],
            },
          },
        },
        rulesStatPrefix: "callers_",
      }),
    }),
  );
}

/** By the agent that is asked for, those that may answer, itself among them. */
export function askedFor(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const answering = new Map<string, Set<string>>();
  for (const { fallback = [], match, to } of routes) {
    const known = answering.get(match.agent) ?? new Set([match.agent]);
    for (const { agent } of to) known.add(agent);
    for (const agent of fallback) known.add(agent);
    answering.set(match.agent, known);
  }
  return new Map([...answering].map(([agent, all]) => [agent, [...all]]));
}
