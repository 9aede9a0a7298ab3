// Each host outside the mesh as a cluster: TLS begun here, and the key put in.

import { isIP } from "node:net";
import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type Cluster,
  Cluster_DiscoveryType,
  ClusterSchema,
} from "@smartcall/envoy/api/envoy/config/cluster/v3/cluster_pb.js";
import { DnsLookupFamily } from "@smartcall/envoy/api/envoy/extensions/clusters/common/dns/v3/dns_pb.js";
import { DnsClusterSchema } from "@smartcall/envoy/api/envoy/extensions/clusters/dns/v3/dns_cluster_pb.js";
import { CredentialInjectorSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/credential_injector/v3/credential_injector_pb.js";
import { UpstreamCodecSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/upstream_codec/v3/upstream_codec_pb.js";
import { GenericSchema } from "@smartcall/envoy/api/envoy/extensions/http/injected_credentials/generic/v3/generic_pb.js";
import { CaresDnsResolverConfigSchema } from "@smartcall/envoy/api/envoy/extensions/network/dns_resolver/cares/v3/cares_dns_resolver_pb.js";
import { HttpProtocolOptionsSchema } from "@smartcall/envoy/api/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js";
import type { Egress } from "../../model/egress.ts";
import type { Described } from "../described.ts";
import { addressOf } from "../endpoint.ts";
import { fixed } from "../filters/chain.ts";
import { any, fromControlPlane, milliseconds } from "../message.ts";
import { unbounded } from "../unbounded.ts";
import { envoyHeaders } from "./egress-headers.ts";
import { egressClusterName, egressSecretName } from "./egress-names.ts";
import { egressTls } from "./egress-tls.ts";

/** A cluster for each host. */
export function egressClusters(egress: readonly Egress[]): readonly Described<Cluster>[] {
  return egress.map((each) => ({
    name: egressClusterName(each.name),
    origin: each.origin,
    message: cluster(each),
  }));
}

function cluster(egress: Egress): Cluster {
  const { host, name: of, port } = egress;
  const name = egressClusterName(of);
  const address = addressOf({ kind: "ip", host, port });
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: isIP(host) === 0 ? byName : byAddress,
    connectTimeout: milliseconds(5_000),
    loadAssignment: {
      clusterName: name,
      endpoints: [{ lbEndpoints: [{ hostIdentifier: { case: "endpoint", value: { address } } }] }],
    },
    transportSocket: egressTls(egress),
    circuitBreakers: { thresholds: [unbounded] },
    // A peer that went without a word is found after 90 seconds.
    upstreamConnectionOptions: {
      tcpKeepalive: { keepaliveTime: 60, keepaliveInterval: 10, keepaliveProbes: 3 },
    },
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": protocols(egress),
    },
  });
}

/**
 * Of all addresses that DNS gives the first that answers is taken (RFC 8305).
 *
 * A sidecar listens once each name was looked up, found or not: where DNS is silent that
 * takes three seconds so, and more than a minute by Envoy's own standard.
 */
const byName = {
  case: "clusterType" as const,
  value: {
    name: "dns",
    typedConfig: any(DnsClusterSchema, {
      allAddressesInSingleEndpoint: true,
      dnsLookupFamily: DnsLookupFamily.ALL,
      respectDnsTtl: true,
      dnsFailureRefreshRate: { baseInterval: milliseconds(500), maxInterval: milliseconds(5_000) },
      typedDnsResolverConfig: {
        name: "envoy.network.dns_resolver.cares",
        typedConfig: any(CaresDnsResolverConfigSchema, { queryTimeoutSeconds: 1n, queryTries: 2 }),
      },
    }),
  },
};

const byAddress = { case: "type" as const, value: Cluster_DiscoveryType.STATIC };

/** HTTP/2 where the host speaks it. */
function protocols(egress: Egress): Any {
  return any(HttpProtocolOptionsSchema, {
    commonHttpProtocolOptions: { idleTimeout: milliseconds(50_000) },
    upstreamProtocolOptions: {
      case: "autoConfig",
      value: {
        http2ProtocolOptions: {
          connectionKeepalive: { interval: milliseconds(30_000), timeout: milliseconds(10_000) },
        },
      },
    },
    httpFilters: [
      fixed("envoy-headers", envoyHeaders),
      ...(egress.key === undefined ? [] : [fixed("key", keyOf(egress.name, egress.key))]),
      fixed("codec", any(UpstreamCodecSchema, {})),
    ],
  });
}

/** Puts the key in the place of whatever stands there; without the key no call goes out. */
function keyOf(egress: string, { header, prefix }: NonNullable<Egress["key"]>): Any {
  return any(CredentialInjectorSchema, {
    overwrite: true,
    allowRequestWithoutCredential: false,
    credential: {
      name: "key",
      typedConfig: any(GenericSchema, {
        header,
        headerValuePrefix: prefix,
        credential: { name: egressSecretName(egress), sdsConfig: fromControlPlane(0) },
      }),
    },
  });
}
