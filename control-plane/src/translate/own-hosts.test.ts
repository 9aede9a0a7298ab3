import { create, toBinary } from "@bufbuild/protobuf";
import {
  type VirtualHost,
  VirtualHostSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { expect } from "chai";
import type { Agent, Mesh } from "../model/mesh.ts";
import type { OwnServices } from "../source/own-services/index.ts";
import { routeListsOf, routesOf, translate } from "./index.ts";
import { agent, contract, mesh, route } from "./mesh-sketch.test.ts";

describe("agents with methods of their own, translated", () => {
  it("cost the others nothing: their tables are the same, byte for byte", () => {
    const others = ["echo", "poet"].map((name) => agent(name));
    const [before, after] = [others, [serving("acme.Weather", "own"), ...others]].map(tableOf);
    const known = new Set(listsIn(after));
    // The last lists of the doors take what is no agent's, and are as they were as well.
    expect(listsIn(before).filter((list) => !known.has(list))).to.deep.equal([]);
    expect(names(before)).to.deep.equal(["rest", "grpc"]);
    expect(names(after)).to.deep.equal(["rest", "grpc", "rest:own", "grpc:acme.weather"]);
    expect(bytesOf(host(after, "rest"))).to.equal(bytesOf(host(before, "rest")));
  });

  it("are as large as they are, however many others there are", () => {
    const costs = [10, 300].map((count) => {
      const others = Array.from({ length: count }, (_, index) => agent(`a${1000 + index}`));
      const size = (agents: readonly Agent[]): number =>
        toBinary(RouteConfigurationSchema, tableOf(agents)).length;
      return size([...others, serving("acme.Weather", "own")]) - size(others);
    });
    // The length of a message is written in as many bytes as it needs.
    expect(Math.abs((costs[0] ?? 0) - (costs[1] ?? 0))).to.be.below(10);
  });

  it("have a door for each by REST, and one for each service, whatever the case of its letters", () => {
    const table = tableOf([
      serving("acme.Weather", "one"),
      serving("Acme.weather", "two"),
      serving("acme.Weather", "three"),
      agent("plain"),
    ]);
    expect(names(table)).to.deep.equal([
      ...["rest", "grpc", "rest:one", "rest:two", "rest:three"],
      "grpc:acme.weather",
    ]);
    const domains = table.virtualHosts.flatMap((each) => each.domains);
    expect(new Set(domains.map((each) => each.toLowerCase())).size).to.equal(domains.length);
    const refusals = routesOf({ ...table, virtualHosts: [host(table, "grpc:acme.weather")] })
      .slice(-6)
      .map(({ name }) => name);
    expect(refusals).to.deep.equal([
      ...["invalid-request", "unknown-agent", "invalid-request", "unknown-agent"],
      ...["unknown-service", "unknown-path"],
    ]);
    const paths = routesOf({ ...table, virtualHosts: [host(table, "grpc:acme.weather")] }).flatMap(
      ({ match, name, action }) =>
        action.case === "route" ? [[name, match?.pathSpecifier.value] as const] : [],
    );
    expect(new Map(paths)).to.deep.equal(
      new Map([
        ["two", "/Acme.weather/"],
        ["one", "/acme.Weather/"],
        ["three", "/acme.Weather/"],
      ]),
    );
  });

  it("say of each of their routes where it was written", () => {
    const agents = ["10", "9", "a"].map((name, line) => ({
      ...serving(name === "9" ? "acme.weather" : "acme.Weather", name),
      origin: { file: "mesh.yaml", line, column: 1 },
    }));
    const routes = agents.map(({ name, origin }) =>
      route(name, { origin: { ...origin, line: origin.line + 10 } }),
    );
    const [described] = translate(mesh({ agents, routes }), contract).route;
    const own = ["websocket", "directory", "reflection"];
    const written = routesOf(described?.message ?? create(RouteConfigurationSchema)).flatMap(
      ({ action, name }, index) =>
        action.case === "route" && !own.includes(name)
          ? [`${name}:${described?.parts?.[index]?.line}`]
          : [],
    );
    // By REST, by gRPC, and of their own service by gRPC.
    expect(new Set(written)).to.deep.equal(new Set(["10:10", "9:11", "a:12"]));
    expect(written).to.have.length(9);
  });
});

function tableOf(agents: readonly Agent[]): RouteConfiguration {
  const of: Mesh = mesh({ agents, routes: agents.map(({ name }) => route(name)) });
  const [described] = translate(of, contract).route;
  if (described === undefined) throw new Error("no table");
  return described.message;
}

function listsIn(table: RouteConfiguration | undefined): readonly string[] {
  return routeListsOf(table ?? create(RouteConfigurationSchema)).map(textOf);
}

function names(table: RouteConfiguration | undefined): readonly string[] {
  const all = table?.virtualHosts.map(({ name }) => name) ?? [];
  // Every table has those of the directory.
  return all.filter((name) => !name.endsWith("directory"));
}

function host(table: RouteConfiguration | undefined, name: string): VirtualHost {
  const found = table?.virtualHosts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no door ${name}`);
  return found;
}

function bytesOf(door: VirtualHost): string {
  return textOf(toBinary(VirtualHostSchema, door));
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** An agent with one method of its own, by both doors. */
function serving(service: string, name: string): Agent {
  const method = `/${service}/Forecast`;
  const streams = { clientStreams: false, serverStreams: false };
  const services: OwnServices = {
    id: `${name} ${service}`,
    descriptors: contract,
    translated: contract,
    services: [service],
    paths: [
      { door: "grpc", path: method, method, ...streams },
      { door: "rest", path: `/v1/agents/${name}:forecast`, method, ...streams },
    ],
  };
  return { ...agent(name), services };
}
