// `smartcall gateway` for a mesh whose control plane runs on another machine.

import { readFileSync } from "node:fs";
import {
  type Address,
  formatAddress,
  freePort,
  passingPorts,
  readJoinTokenFile,
} from "@smartcall/runtime";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { ask } from "../up/ask.ts";
import { takeLock } from "../up/lock.ts";
import { makeStateFolder } from "../up/prepare.ts";
import { type GatewayOrder, gatewayPart } from "./part.ts";
import { reachControlPlane } from "./reach-control-plane.ts";
import { stay } from "./stay.ts";

/** What is asked for. */
export interface RemoteOrder extends GatewayOrder {
  readonly joinTokenFile: string;
  /** The file of the mesh's authority. */
  readonly trust: string | undefined;
}

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
  const admin = order.envoyAdmin ?? (await someAdmin());
  if (admin === undefined) return ended("failed", noAdmin);
  const place = formatAddress(controlPlane);
  const made = gatewayPart(order, envoy.binary, {
    bootstrap: {
      controlPlaneTls: { authorityFile: trust, serverName: controlPlane.host },
      joinToken,
      httpsPort: order.httpsPort,
      admin,
    },
    at: `, fed by ${place}`,
    // Envoy is ready once it has taken its first listener.
    isReady: async () => (await ask(`http://${formatAddress(admin)}/ready`)).status === 200,
  });
  const what = `serves the mesh whose control plane is at ${place}`;
  return stay({ name, ...made, what });
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

async function someAdmin(): Promise<Address | undefined> {
  const port = await freePort(passingPorts, Math.random);
  return port === undefined ? undefined : { host: "127.0.0.1", port };
}

const noAdmin =
  "No free port was found for the pages of Envoy: name one with --envoy-admin, such as 127.0.0.1:9901.";

function needsAuthority(address: Address): string {
  return `${formatAddress(address)} is on another machine, so it is spoken to over TLS: give the mesh's ca.pem with --ca or SMARTCALL_CA.`;
}
