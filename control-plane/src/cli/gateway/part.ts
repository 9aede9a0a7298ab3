// The Envoy of one more gateway: how it is started, and how it is known to be ready.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EnvoyBinary, edgeBootstrap } from "@smartcall/envoy";
import { type Address, type Run, settings } from "@smartcall/runtime";
import { edgeTrust, requestTo } from "../edge/reach.ts";
import { ask } from "../up/ask.ts";
import { withoutSecrets } from "../up/environment.ts";
import { envoyProcess, gatewayFolder, realtimeProcess } from "../up/plans.ts";
import { realtimeReady } from "../up/readiness.ts";
import type { Part } from "../up/start-steps.ts";
import type { GatewayPlace } from "./place.ts";

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

/** What was found for it. */
export interface GatewayNeeds {
  readonly place: GatewayPlace;
  readonly envoy: EnvoyBinary;
  /** A secret. */
  readonly joinToken: string;
}

const limitMs = 20_000;

/** Writes the gateway's bootstrap, and says how it is run. */
export function gatewayPart(
  { name, stateFolder, controlPlane, envoyAdmin, drain, zone }: GatewayOrder,
  { ca, certificate }: Run,
  { place, envoy, joinToken }: GatewayNeeds,
): { readonly part: Part; readonly beside: Part; readonly bootstrapFile: string } {
  const bootstrapFile = join(stateFolder, "envoy", `gateway-${name}.json`);
  const bootstrap = edgeBootstrap({
    nodeId: name,
    controlPlane,
    joinToken,
    httpsPort: place.port,
    zone,
    ...(envoyAdmin && { admin: envoyAdmin }),
  });
  writeFileSync(bootstrapFile, bootstrap, { mode: 0o600 });
  const { url } = place;
  const part: Part = {
    plan: envoyProcess(name, envoy.path, bootstrapFile, {
      folder: gatewayFolder(stateFolder, name),
      env: withoutSecrets(process.env),
      drainSeconds: drain,
      logFile: join(stateFolder, "logs", `gateway-${name}.log`),
    }),
    at: `Envoy ${envoy.version} at ${url}`,
    ends: 0,
    isReady: async () => {
      const reach = requestTo({ ...place, trust: edgeTrust(certificate, ca) }, "/healthz");
      return (await ask(url, reach)).status === 200;
    },
    limitMs,
  };
  return { part, beside: realtimePart(name, stateFolder), bootstrapFile };
}

/** What holds the gateway's WebSockets. */
export function realtimePart(name: string, stateFolder: string): Part {
  const folder = gatewayFolder(stateFolder, name);
  return {
    plan: realtimeProcess(`${name} realtime`, folder, {
      env: { ...withoutSecrets(process.env), [settings.stateFolder.variable]: stateFolder },
      logFile: join(stateFolder, "logs", `gateway-${name}-realtime.log`),
    }),
    at: folder,
    // First: it waits for the turns that run.
    ends: 1,
    isReady: () => realtimeReady(folder),
    limitMs,
  };
}
