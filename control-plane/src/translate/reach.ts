// How each instance of an agent is reached: by mTLS at its sidecar, by TLS, or in the clear.

import { create } from "@bufbuild/protobuf";
import type { ClusterSchema } from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import {
  type TransportSocket,
  TransportSocketSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import type {
  LbEndpoint,
  LbEndpointSchema,
} from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_components_pb.js";
import { SubjectAltNameMatcher_SanType } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/common_pb.js";
import { UpstreamTlsContextSchema } from "@smartcall/envoy/api/envoy/extensions/transport_sockets/tls/v3/tls_pb.js";
import type { Agent, Mesh, Trust } from "../model/mesh.ts";
import type { Instance, Reach } from "../source/instance.ts";
import { tlsParameters } from "./mesh-tls.ts";
import { any, fromControlPlane, type PartsOf } from "./message.ts";
import { names } from "./names.ts";
import { upstreamTls } from "./upstream-tls.ts";

/** What a cluster says of how its endpoints are reached. */
export type ReachOfCluster = Pick<PartsOf<typeof ClusterSchema>, "transportSocketMatches">;

/** What an endpoint says of it. */
export type ReachOfEndpoint = Pick<PartsOf<typeof LbEndpointSchema>, "metadata">;

/**
 * The transports of an agent's cluster. One that is no endpoint's at present is there too,
 * so that the cluster does not change with its instances.
 */
export function reachOf(mesh: NamedMesh, agent: Agent): ReachOfCluster {
  const { tls } = agent;
  const owner = reachKey(mesh, agent);
  const matches = [
    ...(owner === undefined ? [] : [matching("sidecar", meshTls(owner))]),
    ...(tls === undefined ? [] : [matching("authority", upstreamTls(tls))]),
  ];
  return matches.length === 0 ? {} : { transportSocketMatches: matches };
}

/** Who the sidecars of an agent must be; undefined where it can have none. */
export function reachKey({ name, trust }: NamedMesh, agent: Agent): string | undefined {
  const none = trust === undefined && !agent.instances.some(isSidecar);
  return none ? undefined : agentId({ name, trust }, agent.name);
}

type NamedMesh = Pick<Mesh, "name"> & { readonly trust?: Pick<Trust, "domain"> | undefined };

/** Which of the cluster's transports an endpoint is reached by; in the clear without one. */
export function reachOfEndpoint(instance: Instance): ReachOfEndpoint {
  const reach = instance.reach ?? "plain";
  if (reach === "plain") return {};
  return { metadata: { filterMetadata: { [metadataKey]: { reach } } } };
}

/** Whether an endpoint is reached without TLS. */
export function isInTheClear({ metadata }: Pick<LbEndpoint, "metadata">): boolean {
  return metadata?.filterMetadata[metadataKey] === undefined;
}

/** Who the sidecars of an agent are, in their certificates. */
export function agentId(mesh: NamedMesh, agent: string): string {
  return `spiffe://${domainOf(mesh)}/agent/${agent}`;
}

/** Who the gateways of a mesh are. */
export function gatewayId(mesh: NamedMesh): string {
  return `spiffe://${domainOf(mesh)}/gateway`;
}

function domainOf({ name, trust }: NamedMesh): string {
  return trust?.domain ?? name;
}

const metadataKey = "envoy.transport_socket_match";

function isSidecar({ reach }: Instance): boolean {
  return reach === "sidecar";
}

function matching(reach: Reach, transportSocket: TransportSocket) {
  return { name: reach, match: { reach }, transportSocket };
}

/** Takes the certificate of this owner by the mesh's authority, and no other; shows the node's own. */
function meshTls(owner: string): TransportSocket {
  return create(TransportSocketSchema, {
    name: "tls",
    configType: {
      case: "typedConfig",
      value: any(UpstreamTlsContextSchema, {
        commonTlsContext: {
          tlsParams: tlsParameters,
          alpnProtocols: ["h2"],
          tlsCertificateSdsSecretConfigs: [
            { name: names.meshCertificate, sdsConfig: fromControlPlane(0) },
          ],
          validationContextType: {
            case: "combinedValidationContext",
            value: {
              defaultValidationContext: {
                matchTypedSubjectAltNames: [
                  {
                    sanType: SubjectAltNameMatcher_SanType.URI,
                    matcher: { matchPattern: { case: "exact", value: owner } },
                  },
                ],
              },
              validationContextSdsSecretConfig: {
                name: names.meshAuthority,
                sdsConfig: fromControlPlane(0),
              },
            },
          },
        },
      }),
    },
  });
}
