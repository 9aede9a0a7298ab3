// Where the quota service is: for gateways, which ask it, and for operators, who see what it counts.

import { credentials } from "@grpc/grpc-js";
import { QuotaServiceClient } from "@smartcall/protos";
import { grpcTarget, type LocalEndpoint } from "@smartcall/runtime";
import { type BudgetKind, type BudgetOffice, createBudgetOffice } from "../admin/index.ts";
import type { MeshConfig } from "../config/index.ts";
import type { InstanceAddress } from "../source/instance.ts";
import type { Audit } from "../state/index.ts";
import type { Started } from "./start.ts";

/** Both. */
export interface Budgets {
  readonly addresses: readonly InstanceAddress[];
  readonly office: BudgetOffice;
}

/** @param config what is served; undefined while nothing is */
export function openBudgets(
  { settings, closing }: Started,
  audit: Audit,
  config: () => MeshConfig | undefined,
): Budgets {
  // They are reached on this machine only, so in the clear.
  const services = settings.quota.map(
    (endpoint) =>
      new QuotaServiceClient(grpcTarget(endpoint), credentials.createInsecure(), {
        // One that comes back is found at once.
        "grpc.max_reconnect_backoff_ms": 1_000,
      }),
  );
  closing(() => {
    for (const service of services) service.close();
  });
  const describe = (budget: string): BudgetKind | undefined => {
    const found = config()?.budgets.get(budget)?.value;
    if (found === undefined) return undefined;
    const by = found.by.value;
    return {
      unit: found.money === undefined ? "tokens" : "money",
      by: by.kind === "claim" ? `claim:${by.claim}` : by.kind,
    };
  };
  return {
    addresses: settings.quota.map(addressOf),
    office: createBudgetOffice({ services, describe, audit }),
  };
}

function addressOf(endpoint: LocalEndpoint): InstanceAddress {
  return endpoint.kind === "socket"
    ? { kind: "unix", path: endpoint.path }
    : { kind: "ip", host: endpoint.host, port: endpoint.port };
}
