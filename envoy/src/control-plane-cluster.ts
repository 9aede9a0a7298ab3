// How a node's Envoy reaches the control plane: the cluster, and what proves the node to it.

import { isIP } from "node:net";

/** The cluster's name. No agent can have it: theirs have no colon. */
export const controlPlaneClusterName = "smartcall:control-plane";

/** The secret of the bootstrap that holds the join token, with `Bearer ` before it. */
export const joinSecretName = "join";

/** What every request through the cluster says of who asks: the node's own id. */
export const nodeHeader = "smartcall-node";

/** The control plane as one node reaches it. */
export interface ControlPlaneClusterOptions {
  readonly address: { readonly host: string; readonly port: number };
  /** The node's id: it goes along as `smartcall-node`, whatever else a request says under that name. */
  readonly nodeId: string;
  /** TLS to the control plane; in the clear without it, which only this machine may be. */
  readonly tls?: ControlPlaneTls | undefined;
}

/** How a node knows that it speaks with its mesh's control plane. */
export interface ControlPlaneTls {
  /** The path of a PEM file: the authority that the control plane's certificate is by. */
  readonly authorityFile: string;
  /** The name or address that the certificate must be for. */
  readonly serverName: string;
}

/**
 * The cluster of the control plane, for a bootstrap's `static_resources.clusters`.
 *
 * To each request it adds the join token, from the bootstrap's secret
 * `joinSecretName`, and the node's id.
 */
export function controlPlaneCluster(options: ControlPlaneClusterOptions): object {
  const { address, nodeId, tls } = options;
  return {
    name: controlPlaneClusterName,
    type: "STRICT_DNS",
    connect_timeout: "1s",
    load_assignment: {
      cluster_name: controlPlaneClusterName,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(address) } }] }],
    },
    ...(tls && { transport_socket: transportSocket(tls) }),
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config: {
          http2_protocol_options: {
            // A control plane that hangs or whose machine is gone is noticed.
            connection_keepalive: { interval: "10s", timeout: "5s" },
          },
        },
        http_filters: [joinToken, nodeName(nodeId), codec],
      },
    },
  };
}

/** The bootstrap's secret that the cluster's requests are proven with. */
export function joinSecret(joinToken: string): object {
  return {
    name: joinSecretName,
    generic_secret: { secret: { inline_string: `Bearer ${joinToken}` } },
  };
}

/** An address as Envoy has it. */
export function socketAddress(address: { readonly host: string; readonly port: number }): object {
  return { socket_address: { address: address.host, port_value: address.port } };
}

const joinToken = {
  name: "join",
  typed_config: {
    "@type":
      "type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector",
    // What a program on this machine says in its place is not passed on.
    overwrite: true,
    credential: {
      name: "join",
      typed_config: {
        "@type":
          "type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic",
        credential: { name: joinSecretName },
      },
    },
  },
};

const codec = {
  name: "codec",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec",
  },
};

function nodeName(nodeId: string): object {
  // In a value "%" begins a substitution, and "%%" is one.
  const value = nodeId.replaceAll("%", "%%");
  return {
    name: "node",
    typed_config: {
      "@type":
        "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
      mutations: {
        request_mutations: [
          {
            append: {
              header: { key: nodeHeader, value },
              append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
            },
          },
        ],
      },
    },
  };
}

function transportSocket({ authorityFile, serverName }: ControlPlaneTls): object {
  const address = isIP(serverName) !== 0;
  return {
    name: "tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      // RFC 6066 section 3: an address is no server name.
      ...(!address && { sni: serverName }),
      common_tls_context: {
        alpn_protocols: ["h2"],
        tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
        validation_context: {
          trusted_ca: { filename: authorityFile },
          match_typed_subject_alt_names: [
            { san_type: address ? "IP_ADDRESS" : "DNS", matcher: { exact: serverName } },
          ],
        },
      },
    },
  };
}
