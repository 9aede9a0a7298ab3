// Asks a real Envoy whether it takes what is written of agents' descriptors.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEnvoy } from "@smartcall/envoy";
import type { OwnServices } from "./index.ts";

const root = new URL("../../../../", import.meta.url).pathname;

/** The descriptors as JSON has bytes. */
export function textOf({ translated }: OwnServices): string {
  return Buffer.from(translated).toString("base64");
}

/** What Envoy says against them; "" where it takes them. */
export async function refusalOf(all: readonly OwnServices[]): Promise<string> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const folder = mkdtempSync(join(tmpdir(), "smartcall-descriptors-"));
  try {
    const file = join(folder, "envoy.json");
    writeFileSync(file, JSON.stringify(configOf(all)));
    const args = ["--mode", "validate", "-c", file, "--use-dynamic-base-id", "-l", "error"];
    const { status, stderr } = spawnSync(found.binary.path, args, { encoding: "utf8" });
    return status === 0 ? "" : stderr.slice(0, 2_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configOf(all: readonly OwnServices[]) {
  const http = "type.googleapis.com/envoy.extensions.filters.http";
  const transcoder = { "@type": `${http}.grpc_json_transcoder.v3.GrpcJsonTranscoder` };
  const hosts = all.map((own, index) => ({
    name: `${index}`,
    domains: [`${index}`],
    routes: [{ match: { prefix: "/" }, direct_response: { status: 200 } }],
    typed_per_filter_config: {
      transcoder: {
        ...transcoder,
        proto_descriptor_bin: textOf(own),
        services: ["smartcall.v1.AgentService", ...own.services],
        match_incoming_request_route: true,
      },
    },
  }));
  const manager = {
    "@type":
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
    stat_prefix: "all",
    http_filters: [
      { name: "transcoder", typed_config: { ...transcoder, proto_descriptor_bin: "" } },
      { name: "router", typed_config: { "@type": `${http}.router.v3.Router` } },
    ],
    route_config: { name: "all", virtual_hosts: hosts },
  };
  const address = { socket_address: { address: "127.0.0.1", port_value: 0 } };
  const chain = { filters: [{ name: "manager", typed_config: manager }] };
  return { static_resources: { listeners: [{ name: "all", address, filter_chains: [chain] }] } };
}
