// A small world for a real Envoy: backends that say their name, and snapshots that lead to them.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { registry } from "@smartcall/envoy/api/registry.js";
import { emptySnapshot } from "../snapshot/compare.ts";
import { type Resource, type ResourceType, type Snapshot, typeUrls } from "../snapshot/snapshot.ts";

/** A plain HTTP server that answers every request with its name. */
export interface Backend {
  readonly port: number;
  stop(): void;
}

export function startBackend(name: string): Promise<Backend> {
  const server = createServer((_, response) => response.end(name));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const stop = (): void => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ port, stop });
    });
  });
}

/** What the small world has: clusters by name with the ports behind them, and where calls go. */
export interface World {
  readonly listenOn: number;
  readonly clusters: Readonly<Record<string, readonly number[]>>;
  readonly to: string;
  /** How long a connection may take, in seconds; changing it changes every cluster. */
  readonly connectSeconds?: number;
  /** Resources as they are, instead of the made ones. */
  readonly instead?: Partial<Record<ResourceType, readonly Resource[]>>;
}

/** The snapshot of a small world. */
export function snapshotOfWorld(world: World): Snapshot {
  const names = Object.keys(world.clusters);
  const by = (resources: readonly Resource[]) =>
    new Map(resources.map((each) => [each.name, each]));
  const made: Partial<Record<ResourceType, readonly Resource[]>> = {
    cluster: names.map((name) => cluster(name, world.connectSeconds ?? 1)),
    endpoint: names.map((name) => endpoints(name, world.clusters[name] ?? [])),
    listener: [listener(world.listenOn)],
    route: [route(world.to)],
    ...world.instead,
  };
  return {
    ...emptySnapshot,
    cluster: by(made.cluster ?? []),
    endpoint: by(made.endpoint ?? []),
    listener: by(made.listener ?? []),
    route: by(made.route ?? []),
  };
}

/** A resource from Envoy's own JSON. */
export function resourceOf(type: ResourceType, name: string, json: JsonValue): Resource {
  const schema = registry.getMessage(typeUrls[type].replace(/^.*\//, ""));
  if (schema === undefined) throw new Error(`there is no schema of ${type}`);
  const body = toBinary(schema, fromJson(schema, json, { registry }));
  return { name, version: createHash("sha256").update(body).digest("hex"), body };
}

const ads = { ads: {}, resourceApiVersion: "V3", initialFetchTimeout: "0s" };

export function cluster(name: string, connectSeconds: number): Resource {
  return resourceOf("cluster", name, {
    name,
    type: "EDS",
    edsClusterConfig: { edsConfig: ads },
    connectTimeout: `${connectSeconds}s`,
  });
}

/** A route configuration that leads every call to one cluster. */
export function route(to: string): Resource {
  return resourceOf("route", "edge", {
    name: "edge",
    virtualHosts: [
      { name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: to } }] },
    ],
  });
}

function endpoints(name: string, ports: readonly number[]): Resource {
  const lbEndpoints = ports.map((portValue) => ({
    endpoint: { address: { socketAddress: { address: "127.0.0.1", portValue } } },
  }));
  return resourceOf("endpoint", name, { clusterName: name, endpoints: [{ lbEndpoints }] });
}

function listener(portValue: number): Resource {
  const hcm = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
  const router = "envoy.extensions.filters.http.router.v3.Router";
  return resourceOf("listener", "edge", {
    name: "edge",
    address: { socketAddress: { address: "127.0.0.1", portValue } },
    filterChains: [
      {
        filters: [
          {
            name: "http",
            typedConfig: {
              "@type": `type.googleapis.com/${hcm}`,
              statPrefix: "edge",
              rds: { routeConfigName: "edge", configSource: ads },
              httpFilters: [
                { name: "router", typedConfig: { "@type": `type.googleapis.com/${router}` } },
              ],
            },
          },
        ],
      },
    ],
  });
}
