// Whatever is done to descriptors: what is taken of them, Envoy takes too.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorSet, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { findEnvoy } from "@smartcall/envoy";
import { expect } from "chai";
import { constantFrom, nat, sample, tuple } from "fast-check";
import { type OwnServices, readOwnServices } from "./index.ts";

const root = new URL("../../../../", import.meta.url).pathname;
const seeds = ["station", "weather", "old"].map((agent) => ({
  agent,
  bytes: readFileSync(join(root, "test", "agents", "weather", `${agent}.binpb`)),
}));
const words = [
  ...["", "_", "A", "Order", "Order.Inner", ".acme.station.v1.Order", "acme.station.v1"],
  ...["google", "google.protobuf.Any", ".google.protobuf.Any", "smartcall.v1", "x y", "0a", "é"],
  ...["Inner", "UnitsEntry", "_number", "number", "say", "Station", "."],
];
const numbers = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 14, 18, 19, -1, 19_000, 536_870_912, 999, 1000];

describe("descriptors that were changed in any way", function () {
  this.timeout(600_000);

  it("are refused, or taken by Envoy as well", async () => {
    const taken = new Map<string, OwnServices>();
    const change = tuple(nat(), nat(), constantFrom(...words), constantFrom(...numbers));
    const runs = sample(tuple(nat(2), change, change, nat(9)), 3_000);
    for (const [at, one, other, kind] of runs) {
      const { agent, bytes } = seeds[at] ?? { agent: "", bytes: Buffer.alloc(0) };
      const set = fromBinary(FileDescriptorSetSchema, bytes);
      mutate(set, one);
      if (kind > 3) mutate(set, other);
      const services = readOwnServices(written(set) ?? bytes, agent);
      if (!("problems" in services)) taken.set(services.id, services);
    }
    const all = [...new Map([...taken.values()].map((each) => [textOf(each), each])).values()];
    expect(all.length).to.be.greaterThan(30);
    for (let from = 0; from < all.length; from += 200) {
      expect(await refusalOf(all.slice(from, from + 200))).to.equal("");
    }
  });
});

type Change = readonly [where: number, what: number, word: string, value: number];

/** Changes one thing in the agent's own files: the places in them are walked in their order. */
function mutate({ file }: FileDescriptorSet, [where, what, word, value]: Change): void {
  const places: (() => void)[] = [];
  const visit = (within: object): void => {
    for (const [key, held] of Object.entries(within)) {
      const set = (fresh: unknown) => () => void Reflect.set(within, key, fresh);
      if (key.startsWith("$")) continue;
      if (Array.isArray(held)) {
        places.push(() => void held.splice(what % Math.max(1, held.length), 1));
        places.push(() => void held.push(...held.slice(0, 1)));
        for (const each of held) if (typeof each === "object" && each !== null) visit(each);
      } else if (typeof held === "string") {
        places.push(set(what % 2 === 0 ? word : `${held}${word}`));
      } else if (typeof held === "number") places.push(set(value));
      else if (typeof held === "boolean") places.push(set(!held));
      else if (typeof held === "object" && held !== null) visit(held);
    }
  };
  for (const each of file) if (each.package.startsWith("acme")) visit(each);
  places[where % Math.max(1, places.length)]?.();
}

/** Nothing where what was changed cannot be written. */
function written(set: FileDescriptorSet): Uint8Array | undefined {
  try {
    return toBinary(FileDescriptorSetSchema, set);
  } catch {
    return undefined;
  }
}

function textOf({ translated }: OwnServices): string {
  return Buffer.from(translated).toString("base64");
}

/** What Envoy says against them; "" where it takes them. */
async function refusalOf(all: readonly OwnServices[]): Promise<string> {
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
