// Where gateways and agents reach the control plane: in the clear on this machine, over TLS elsewhere.

import { hostname } from "node:os";
import { join } from "node:path";
import type { Server } from "@grpc/grpc-js";
import { formatAddress, isLoopback, systemClock } from "@smartcall/runtime";
import { renewedNetworkCertificate } from "../source/network-certificate.ts";
import type { Authority, State } from "../state/index.ts";
import { type Door, listenForNodes, listenOnSocket, securePort } from "../xds/index.ts";
import { must, type Started, stop } from "./start.ts";

/** Where nodes of other machines reach it, as it is best known; undefined where they do not. */
export function nodesAt({
  nodes,
  nodeNames: [name],
}: Pick<Started["settings"], "nodes" | "nodeNames">): string | undefined {
  if (nodes === undefined) return undefined;
  const { host, port } = nodes;
  const everywhere = host === "0.0.0.0" || host === "::";
  return formatAddress({ host: name ?? (everywhere ? hostname() : host), port });
}

/** What listens, and what it shows elsewhere. */
export interface ForNodes {
  readonly server: Server;
  /** For programs of this machine that call agents themselves. */
  readonly localServer: Server;
  readonly door: Door;
  readonly state: State;
  readonly authority: Authority;
}

/** Lets the servers listen; the process ends where that of all nodes cannot. */
export async function openForNodes(
  { settings, log, report, closing }: Started,
  { server, localServer, door, ...by }: ForNodes,
): Promise<void> {
  const { controlPlane, nodes, nodeNames } = settings;
  if (!isLoopback(controlPlane.host)) stop(log, onMachineOnly(formatAddress(controlPlane)));
  const bound = await listenForNodes(server, controlPlane, door);
  if (!bound.ok) stop(log, bound.problem);
  closing(() => bound.close());
  const local = await listenOnSocket(localServer, join(settings.stateFolder, "sockets/xds.sock"));
  if (!local.ok) log.warn(local.problem);
  if (nodes === undefined) return;
  const certificate = must(
    log,
    await renewedNetworkCertificate("nodes", {
      ...by,
      host: nodes.host,
      names: nodeNames,
      clock: systemClock,
      report,
      changed: () => {
        port.renew(certificate.current());
        log.info("nodes of other machines are shown another certificate");
      },
    }),
  );
  closing(() => certificate.close());
  const port = securePort(certificate.current());
  const listened = await port.listen(server, nodes, door);
  if (!listened.ok) stop(log, listened.problem);
  closing(() => listened.close());
  log.info({ address: formatAddress(nodes) }, "nodes of other machines are served over TLS");
}

function onMachineOnly(address: string): string {
  return `The control plane cannot serve xDS and leases in the clear on ${address}: set SMARTCALL_CONTROL_PLANE to an address on loopback, and SMARTCALL_NODES to the one for other machines, which is served over TLS.`;
}
