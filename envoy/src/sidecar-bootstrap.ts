// What the Envoy beside an instance of an agent is started with: who it is, how to reach the
// control plane, and the door by which its agent does.

import { dynamicResources } from "./ads.ts";
import {
  type ControlPlaneTls,
  controlPlaneCluster,
  controlPlaneClusterName,
  joinSecret,
} from "./control-plane-cluster.ts";
import { shownPages } from "./shown-pages.ts";
import {
  type SystemAuthorities,
  systemAuthorities,
  systemAuthoritiesSecret,
} from "./system-authorities.ts";
import { zoneParts } from "./zone.ts";

/** What one sidecar is started with. */
export interface SidecarBootstrap {
  /** The agent, as `mesh.yaml` lists it. */
  readonly agent: string;
  /** Tells this instance from the agent's others. */
  readonly instance: string;
  /** Where the control plane serves xDS and leases. */
  readonly controlPlane: { readonly host: string; readonly port: number };
  /** TLS to it; in the clear without it, which only this machine may be. */
  readonly tls?: ControlPlaneTls | undefined;
  /** Proves to the control plane that this node is of the mesh. A secret: keep the file private. */
  readonly joinToken: string;
  /** The port that gateways and other sidecars call. */
  readonly inboundPort: number;
  /** The host that they call it by; absent, the address that its connection comes from. */
  readonly inboundHost?: string | undefined;
  /** The port on loopback that the agent calls hosts outside the mesh by. */
  readonly egressPort: number;
  /** Where it is: instances of this zone take its agent's calls first. Absent, all alike. */
  readonly zone?: string | undefined;
  /** Who is believed about hosts outside the mesh; absent, those that this machine believes. */
  readonly authorities?: SystemAuthorities | undefined;
}

/**
 * The sockets of an instance, by their names in its folder. Envoy runs in that folder and
 * knows them by these relative paths, since an absolute one may be longer than the 107
 * bytes that Linux takes.
 */
export const instanceSockets = {
  /** Where the agent serves its calls. */
  agent: "agent.sock",
  /** Where the agent calls other agents. */
  calls: "calls.sock",
  /** Where the agent reaches the control plane. */
  lease: "lease.sock",
  /** Envoy's own pages. */
  admin: "admin.sock",
} as const;

/** The keys of a sidecar's metadata. */
export const sidecarMetadata = {
  inboundPort: "inbound_port",
  inboundHost: "inbound_host",
  egressPort: "egress_port",
} as const;

/** The bootstrap's name in the instance's folder. */
export const sidecarBootstrapFile = "bootstrap.json";

/**
 * The bootstrap of a sidecar, as JSON. All but the agent's way to the control plane comes
 * from there by delta ADS.
 *
 * A start waits at most a second for it, and then serves the way to the control plane without: so
 * an agent that is not taken is told why.
 */
export function sidecarBootstrap(sidecar: SidecarBootstrap): string {
  const { agent, instance, inboundPort, inboundHost, egressPort } = sidecar;
  const nodeId = `${agent}/${instance}`;
  const { authorities = systemAuthorities(process.env) } = sidecar;
  const zone = zoneParts(sidecar.zone);
  const bootstrap = {
    node: {
      id: nodeId,
      cluster: `agent/${agent}`,
      ...zone.node,
      metadata: {
        [sidecarMetadata.inboundPort]: inboundPort,
        ...(inboundHost !== undefined && { [sidecarMetadata.inboundHost]: inboundHost }),
        [sidecarMetadata.egressPort]: egressPort,
      },
    },
    ...zone.bootstrap,
    admin: { address: pipe(instanceSockets.admin), allow_paths: shownPages },
    dynamic_resources: dynamicResources(500),
    static_resources: {
      listeners: [leaseListener],
      clusters: [
        controlPlaneCluster({ address: sidecar.controlPlane, nodeId, tls: sidecar.tls }),
        ...zone.clusters,
      ],
      secrets: [joinSecret(sidecar.joinToken), systemAuthoritiesSecret(authorities)],
    },
    deferred_stat_options: { enable_deferred_creation_stats: true },
  };
  return `${JSON.stringify(bootstrap, undefined, 2)}\n`;
}

/**
 * The arguments that start Envoy as a sidecar, in its instance's folder.
 *
 * One worker serves more calls than one agent's process answers, and takes the least memory.
 */
export function sidecarArguments(agent: string): readonly string[] {
  return [
    "--config-path",
    sidecarBootstrapFile,
    "--use-dynamic-base-id",
    "--concurrency",
    "1",
    "--drain-time-s",
    `${drainSeconds}`,
    "--file-flush-interval-msec",
    "1000",
    "--log-level",
    "warning",
    // Of its main component only what hinders it: a start is no news to an agent's log.
    "--component-log-level",
    "main:error",
    "--log-format",
    `{"time":"%Y-%m-%dT%T.%e%z","level":"%l","name":"${agent} sidecar","component":"%n","msg":"%j"}`,
  ];
}

/** How long a listener that is replaced lets its streams run. */
const drainSeconds = 600;

/**
 * All that an agent may ask the control plane: the sidecar's word stands behind it, and by xDS
 * it would be given the sidecar's keys.
 */
const leaseService = "/smartcall.v1.LeaseService/";

/** A lease is one stream that lasts as long as the agent: nothing here has a time limit. */
const leaseListener = {
  name: "lease",
  address: pipe(instanceSockets.lease),
  filter_chains: [
    {
      filters: [
        {
          name: "http",
          typed_config: {
            "@type":
              "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            stat_prefix: "lease",
            codec_type: "HTTP2",
            stream_idle_timeout: "0s",
            http2_protocol_options: {
              // An agent that hangs loses its lease. It may take a while to answer: it shares
              // the machine's cores with its model.
              connection_keepalive: { interval: "1s", timeout: "3s" },
            },
            route_config: {
              name: "lease",
              virtual_hosts: [
                {
                  name: "control-plane",
                  domains: ["*"],
                  routes: [
                    {
                      match: { prefix: leaseService },
                      route: {
                        cluster: controlPlaneClusterName,
                        timeout: "0s",
                        idle_timeout: "0s",
                      },
                    },
                  ],
                },
              ],
            },
            http_filters: [
              {
                name: "router",
                typed_config: {
                  "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
                },
              },
            ],
          },
        },
      ],
    },
  ],
};

function pipe(path: string): object {
  // For its owner alone.
  return { pipe: { path, mode: 0o600 } };
}
