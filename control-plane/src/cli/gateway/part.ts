// The Envoy of one more gateway, and what holds its WebSockets: how they are started.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EdgeBootstrap, type EnvoyBinary, edgeBootstrap } from "@smartcall/envoy";
import { type Address, settings } from "@smartcall/runtime";
import { withoutSecrets } from "../up/environment.ts";
import { envoyProcess, gatewayFolder, realtimeProcess } from "../up/plans.ts";
import { realtimeReady } from "../up/readiness.ts";
import type { Part } from "../up/start-steps.ts";

/** What is asked for. */
export interface GatewayOrder {
  readonly name: string;
  readonly httpsPort?: number | undefined;
  /** Where Envoy's own admin pages listen; without it there are none. */
  readonly envoyAdmin?: Address | undefined;
  readonly stateFolder: string;
  readonly controlPlane: Address;
  readonly envoyBin: string | undefined;
  /** How long streams may run on while their listener is replaced, in seconds. */
  readonly drain: number;
  /** Where it is: it asks instances of this zone first. */
  readonly zone: string;
}

/** In what the gateways of this machine and of another one's mesh differ. */
export interface GatewayWays {
  readonly bootstrap: Omit<EdgeBootstrap, "nodeId" | "controlPlane" | "zone">;
  /** Where it serves or what feeds it, after its version: ` at https://localhost:8444`. */
  readonly at: string;
  readonly isReady: () => Promise<boolean>;
}

const limitMs = 20_000;

/** Writes the gateway's bootstrap, and says how it is run. */
export function gatewayPart(
  { name, stateFolder, controlPlane, drain, zone }: GatewayOrder,
  envoy: EnvoyBinary,
  { bootstrap, at, isReady }: GatewayWays,
): { readonly part: Part; readonly beside: Part; readonly bootstrapFile: string } {
  const bootstrapFile = join(stateFolder, "envoy", `gateway-${name}.json`);
  const text = edgeBootstrap({ ...bootstrap, nodeId: name, controlPlane, zone });
  writeFileSync(bootstrapFile, text, { mode: 0o600 });
  const part: Part = {
    plan: envoyProcess(name, envoy.path, bootstrapFile, {
      folder: gatewayFolder(stateFolder, name),
      env: withoutSecrets(process.env),
      drainSeconds: drain,
      logFile: join(stateFolder, "logs", `gateway-${name}.log`),
    }),
    at: `Envoy ${envoy.version}${at}`,
    ends: 0,
    isReady,
    limitMs,
  };
  return { part, beside: realtimePart(name, stateFolder, drain), bootstrapFile };
}

/** The realtime service, which holds the gateway's WebSockets. */
function realtimePart(name: string, stateFolder: string, drainSeconds: number): Part {
  const folder = gatewayFolder(stateFolder, name);
  return {
    plan: realtimeProcess(`${name} realtime`, folder, {
      env: { ...withoutSecrets(process.env), [settings.stateFolder.variable]: stateFolder },
      drainSeconds,
      logFile: join(stateFolder, "logs", `gateway-${name}-realtime.log`),
    }),
    at: folder,
    // First: it waits for the turns that run.
    ends: 1,
    isReady: () => realtimeReady(folder),
    limitMs,
  };
}
