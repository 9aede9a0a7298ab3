// Envoys that are written by hand and do less than a gateway: what ours is compared with.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { envoyArguments, findEnvoy } from "@smartcall/envoy";
import { descriptorSet } from "@smartcall/protos";
import { root } from "../checks/repository.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";
import type { Certificate } from "./row-types.ts";

/** A running Envoy, without tokens, log or anything that is not asked for. */
export interface StaticEnvoy {
  /** Such as `http://127.0.0.1:41234`; of one with TLS `https://localhost:41234`. */
  readonly origin: string;
  /** Where it tells its counters, such as `http://127.0.0.1:41235`. */
  readonly envoyAdmin: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What one does beside passing calls on. */
export interface StaticEnvoyOptions {
  readonly agentPort: number;
  /** Whether it translates REST to gRPC, as our edge does. */
  readonly transcoder: boolean;
  /** Filters before all others, as its configuration writes them. */
  readonly filters?: readonly object[];
  /** Absent: no TLS. */
  readonly certificate?: Certificate;
}

/** Starts it in front of an agent. */
export async function startStaticEnvoy(options: StaticEnvoyOptions): Promise<StaticEnvoy> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const folder = await mkdtemp(join(tmpdir(), "smartcall-bench-"));
  const [port = 0, admin = 0] = await freePorts(2);
  const bootstrap = join(folder, "bootstrap.json");
  await writeFile(bootstrap, JSON.stringify(bootstrapOf(port, admin, options)));
  const envoy = startChild(found.binary.path, envoyArguments(bootstrap, 1), {
    cwd: folder,
    env: {},
  });
  await eventually(async () => {
    const ready = await fetch(`http://127.0.0.1:${admin}/ready`);
    if (!ready.ok) throw new Error(envoy.output());
  });
  return {
    origin: options.certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    envoyAdmin: `http://127.0.0.1:${admin}`,
    pid: envoy.pid,
    stop: async () => {
      await endGroup(envoy);
      await rm(folder, { recursive: true });
    },
  };
}

const api = "type.googleapis.com/envoy.extensions";
const at = (portValue: number) => ({
  socket_address: { address: "127.0.0.1", port_value: portValue },
});

function bootstrapOf(port: number, admin: number, options: StaticEnvoyOptions): object {
  const { agentPort, certificate } = options;
  const manager = {
    "@type": `${api}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "static",
    route_config: {
      virtual_hosts: [
        {
          name: "all",
          domains: ["*"],
          routes: [{ match: { prefix: "/" }, route: { cluster: "agent", timeout: "60s" } }],
        },
      ],
    },
    http_filters: [
      ...(options.filters ?? []),
      ...(options.transcoder ? [transcoder()] : []),
      { name: "router", typed_config: { "@type": `${api}.filters.http.router.v3.Router` } },
    ],
  };
  const cluster = {
    name: "agent",
    type: "STATIC",
    load_assignment: {
      cluster_name: "agent",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: at(agentPort) } }] }],
    },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": `${api}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
  };
  const chain = {
    ...(certificate && { transport_socket: { name: "tls", typed_config: tls(certificate) } }),
    filters: [{ name: "http", typed_config: manager }],
  };
  return {
    admin: { address: at(admin) },
    static_resources: {
      listeners: [{ name: "static", address: at(port), filter_chains: [chain] }],
      clusters: [cluster],
    },
  };
}

/** As at our edge. */
function transcoder(): object {
  return {
    name: "transcoder",
    typed_config: {
      "@type": `${api}.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder`,
      proto_descriptor_bin: Buffer.from(descriptorSet()).toString("base64"),
      services: ["smartcall.v1.AgentService"],
      match_incoming_request_route: true,
      convert_grpc_status: true,
      print_options: { stream_newline_delimited: true, stream_sse_style_delimited: true },
    },
  };
}

function tls({ certificateChain, privateKey }: Certificate): object {
  return {
    "@type": `${api}.transport_sockets.tls.v3.DownstreamTlsContext`,
    common_tls_context: {
      tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
      alpn_protocols: ["h2", "http/1.1"],
      tls_certificates: [
        {
          certificate_chain: { inline_string: certificateChain },
          private_key: { inline_string: privateKey },
        },
      ],
    },
  };
}
