// An Envoy that only passes gRPC on: what our gateway's cost is compared with.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { envoyArguments, findEnvoy } from "@smartcall/envoy";
import { root } from "../checks/repository.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";

/** A running Envoy, without TLS, tokens, log or anything else. */
export interface BareEnvoy {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts it in front of an agent. */
export async function startBareEnvoy(agentPort: number): Promise<BareEnvoy> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const folder = await mkdtemp(join(tmpdir(), "smartcall-bare-"));
  const [port = 0, admin = 0] = await freePorts(2);
  const bootstrap = join(folder, "bootstrap.json");
  await writeFile(bootstrap, JSON.stringify(bootstrapOf(port, admin, agentPort)));
  const envoy = startChild(found.binary.path, envoyArguments(bootstrap, 1), {
    cwd: folder,
    env: {},
  });
  await eventually(async () => {
    const ready = await fetch(`http://127.0.0.1:${admin}/ready`);
    if (!ready.ok) throw new Error(envoy.output());
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: envoy.pid,
    stop: async () => {
      await endGroup(envoy);
      await rm(folder, { recursive: true });
    },
  };
}

function bootstrapOf(port: number, admin: number, agentPort: number): object {
  const at = (portValue: number) => ({
    socket_address: { address: "127.0.0.1", port_value: portValue },
  });
  const api = "type.googleapis.com/envoy.extensions";
  const manager = {
    "@type": `${api}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "bare",
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
  return {
    admin: { address: at(admin) },
    static_resources: {
      listeners: [
        {
          name: "bare",
          address: at(port),
          filter_chains: [{ filters: [{ name: "http", typed_config: manager }] }],
        },
      ],
      clusters: [cluster],
    },
  };
}
