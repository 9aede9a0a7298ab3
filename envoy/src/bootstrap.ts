// What a gateway's Envoy is started with: how to reach the control plane, and no more.

import { dynamicResources } from "./ads.ts";
import {
  type ControlPlaneTls,
  controlPlaneCluster,
  joinSecret,
  socketAddress,
} from "./control-plane-cluster.ts";
import { shownPages } from "./shown-pages.ts";
import { zoneParts } from "./zone.ts";

/** What one gateway is started with. */
export interface EdgeBootstrap {
  /** Tells this gateway from the mesh's others. */
  readonly nodeId: string;
  /** Where the control plane serves xDS. */
  readonly controlPlane: { readonly host: string; readonly port: number };
  /** TLS to the control plane: it is on another machine. */
  readonly controlPlaneTls?: ControlPlaneTls | undefined;
  /** Proves to the control plane that this node is of the mesh. A secret: keep the file private. */
  readonly joinToken: string;
  /** Where Envoy's own admin pages listen; loopback only. Without it there are none. */
  readonly admin?: { readonly host: string; readonly port: number };
  /** Where it listens, if not at the mesh's own port: another gateway is on this machine. */
  readonly httpsPort?: number | undefined;
  /** Where it is: instances of this zone take its calls first. Absent, all alike. */
  readonly zone?: string | undefined;
}

/** In a node's metadata: the port that it is to be given in its listener. */
export const httpsPortKey = "https_port";

/**
 * The bootstrap of a gateway, as JSON.
 *
 * All else comes from the control plane by delta ADS. While Envoy's first
 * clusters or listeners are late it keeps waiting for them and listens nowhere,
 * rather than start empty (`initial_fetch_timeout: 0s`).
 */
export function edgeBootstrap(edge: EdgeBootstrap): string {
  const { httpsPort } = edge;
  const metadata = httpsPort === undefined ? {} : { metadata: { [httpsPortKey]: httpsPort } };
  const zone = zoneParts(edge.zone);
  const bootstrap = {
    node: { id: edge.nodeId, cluster: "gateway", ...zone.node, ...metadata },
    ...zone.bootstrap,
    ...(edge.admin && { admin: { address: socketAddress(edge.admin), allow_paths: shownPages } }),
    dynamic_resources: dynamicResources(0),
    static_resources: {
      clusters: [
        controlPlaneCluster({
          address: edge.controlPlane,
          nodeId: edge.nodeId,
          tls: edge.controlPlaneTls,
        }),
        ...zone.clusters,
      ],
      // A secret, for Envoy's own pages show all but secrets.
      secrets: [joinSecret(edge.joinToken)],
    },
    // Of thousands of agents most are idle: what is counted of each is made with its first call.
    deferred_stat_options: { enable_deferred_creation_stats: true },
    stats_config: { stats_matcher: { exclusion_list: { patterns: neverCounted } } },
  };
  return `${JSON.stringify(bootstrap, undefined, 2)}\n`;
}

/**
 * The arguments that start Envoy with a bootstrap file.
 *
 * @param drainSeconds how long a listener that is replaced lets its streams
 *   run: at least as long as the longest stream allowed
 * @param flushMs how long a line of the access log may wait until it is written
 */
export function envoyArguments(
  bootstrapFile: string,
  drainSeconds: number,
  flushMs = 1_000,
): readonly string[] {
  return [
    "--config-path",
    bootstrapFile,
    // Several Envoys may run on one host.
    "--use-dynamic-base-id",
    "--drain-time-s",
    `${drainSeconds}`,
    // What happened is to be read a second later, not ten.
    "--file-flush-interval-msec",
    `${flushMs}`,
    "--log-level",
    "warning",
    "--log-format",
    '{"time":"%Y-%m-%dT%T.%e%z","level":"%l","name":"envoy","component":"%n","msg":"%j"}',
  ];
}

// Of each agent a dozen numbers that nobody looks at, or that others say as well: of instances
// that are left alone `ejections_active` and `ejections_enforced_total` say all.
const neverCounted = [
  ".circuit_breakers.",
  ".lb_",
  ".ejections_consecutive_",
  ".ejections_detected_",
  ".ejections_enforced_consecutive_",
  ".ejections_enforced_failure_",
  ".ejections_enforced_local_",
  ".ejections_enforced_success_",
  ".ejections_overflow",
  ".ejections_success_",
  ".ejections_total",
].map((part) => ({ contains: part }));
