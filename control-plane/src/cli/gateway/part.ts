// The Envoy of one more gateway: how it is started, and how it is known to be ready.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EnvoyBinary, edgeBootstrap } from "@smartcall/envoy";
import type { Address, Run } from "@smartcall/runtime";
import { edgeTrust, requestTo } from "../edge/reach.ts";
import { ask } from "../up/ask.ts";
import { envoyProcess } from "../up/plans.ts";
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
): { readonly part: Part; readonly bootstrapFile: string } {
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
      stateFolder,
      env: process.env,
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
  return { part, bootstrapFile };
}
