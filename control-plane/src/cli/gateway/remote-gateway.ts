// `smartcall gateway` for a mesh whose control plane runs on another machine.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EnvoyBinary, edgeBootstrap } from "@smartcall/envoy";
import { type Address, formatAddress, readJoinTokenFile } from "@smartcall/runtime";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { freePort } from "../free-port.ts";
import { withoutSecrets } from "../up/environment.ts";
import { takeLock } from "../up/lock.ts";
import { envoyProcess, gatewayFolder } from "../up/plans.ts";
import { makeStateFolder } from "../up/prepare.ts";
import type { Part } from "../up/start-steps.ts";
import { type GatewayOrder, realtimePart } from "./part.ts";
import { reachControlPlane } from "./reach-control-plane.ts";
import { stay } from "./stay.ts";

/** What is asked for. */
export interface RemoteOrder extends GatewayOrder {
  readonly joinTokenFile: string;
  /** The file of the mesh's authority. */
  readonly trust: string | undefined;
}

const limitMs = 20_000;

/** Runs the gateway, with a folder of its own; resolves only where it did not start. */
export async function remoteGateway(order: RemoteOrder): Promise<CommandEnd> {
  const { name, stateFolder, controlPlane, trust, joinTokenFile } = order;
  if (trust === undefined) return ended("usage", needsAuthority(controlPlane));
  const ca = textOf(trust);
  if (ca === undefined) return ended("usage", `--ca: ${trust} cannot be read.`);
  const read = readJoinTokenFile(joinTokenFile, `smartcall join gateway ${name}`);
  if (!read.ok) {
    return ended("usage", `--join-token-file: ${read.problem}, and name its file.`);
  }
  if (read.warning !== undefined) process.stderr.write(`${read.warning}\n`);
  const { token: joinToken } = read;
  const problem =
    (await reachControlPlane({ address: controlPlane, ca, caFile: trust, joinToken, name })) ??
    (await makeStateFolder(stateFolder));
  if (problem !== undefined) return ended("failed", problem);
  const lock = takeLock(stateFolder, `gateway-${name}`);
  if (!lock.ok) {
    return ended("failed", `The gateway ${name} runs already (process ${lock.pid}).`);
  }
  process.on("exit", lock.release);
  const envoy = await findMeshEnvoy(order.envoyBin, stateFolder);
  if (!envoy.ok) return ended("failed", envoy.problem);
  const admin = order.envoyAdmin ?? { host: "127.0.0.1", port: await freePort() };
  const made = remotePart(order, envoy.binary, { joinToken, authorityFile: trust, admin });
  const what = `serves the mesh whose control plane is at ${formatAddress(controlPlane)}`;
  return stay({ name, ...made, what });
}

function remotePart(
  order: RemoteOrder,
  envoy: EnvoyBinary,
  by: { readonly joinToken: string; readonly authorityFile: string; readonly admin: Address },
): { readonly part: Part; readonly beside: Part; readonly bootstrapFile: string } {
  const { name, stateFolder, controlPlane, httpsPort, drain, zone } = order;
  const { joinToken, authorityFile, admin } = by;
  const bootstrapFile = join(stateFolder, "envoy", `gateway-${name}.json`);
  const bootstrap = edgeBootstrap({
    nodeId: name,
    controlPlane,
    controlPlaneTls: { authorityFile, serverName: controlPlane.host },
    joinToken,
    httpsPort,
    zone,
    admin,
  });
  writeFileSync(bootstrapFile, bootstrap, { mode: 0o600 });
  const part: Part = {
    plan: envoyProcess(name, envoy.path, bootstrapFile, {
      folder: gatewayFolder(stateFolder, name),
      env: withoutSecrets(process.env),
      drainSeconds: drain,
      logFile: join(stateFolder, "logs", `gateway-${name}.log`),
    }),
    at: `Envoy ${envoy.version}, fed by ${formatAddress(controlPlane)}`,
    ends: 0,
    // Envoy is ready once it has taken its first listener.
    isReady: () =>
      fetch(`http://${formatAddress(admin)}/ready`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    limitMs,
  };
  return { part, beside: realtimePart(name, stateFolder), bootstrapFile };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function needsAuthority(address: Address): string {
  return `${formatAddress(address)} is on another machine, so it is spoken to over TLS: give the mesh's ca.pem with --ca or SMARTCALL_CA.`;
}
