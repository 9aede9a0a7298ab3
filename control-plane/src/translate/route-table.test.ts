import { create } from "@bufbuild/protobuf";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { expect } from "chai";
import type { Route } from "../model/mesh.ts";
import { routeListsOf, routesOf, translate } from "./index.ts";
import { agent, contract, mesh, origin, route, tableOf } from "./mesh-sketch.test.ts";

describe("the route table", () => {
  it("asks an agent's routes in their order, then refuses, and all others at last", () => {
    const routes = [route("echo", { name: "first" }), route("echo")];
    const table = tableOf(mesh({ agents: [agent("echo"), agent("poet")], routes }));
    expect(table.map(({ name }) => name)).to.deep.equal([
      ...["websocket", "first", "echo"],
      "no-route",
      ...["healthz", "method-not-allowed", "jwks", "method-not-allowed"],
      ...["directory", "method-not-allowed"],
      ...["method-not-allowed", "unknown-service", "unknown-agent", "unknown-path"],
      ...["first", "echo"],
      "no-route",
      ...["invalid-request", "unknown-agent", "unknown-service", "unknown-path"],
      ...["directory", "method-not-allowed"],
      ...["method-not-allowed", "unknown-service", "unknown-agent", "unknown-path"],
      ...["directory", "directory", "reflection", "reflection"],
      ...["method-not-allowed", "unknown-service", "unknown-agent", "unknown-path"],
    ]);
  });

  it("refuses only where the agent's routes leave something", () => {
    const without = (match: Route["match"]): number =>
      tableOf(mesh({ routes: [route("echo", { match })] })).filter(
        ({ name }) => name === "no-route",
      ).length;
    const all = { agent: "echo", headers: {}, claims: {} };
    expect(without(all)).to.equal(0);
    expect(without({ ...all, headers: { a: "1" } })).to.equal(2);
    expect(without({ ...all, claims: { plan: ["gold"] } })).to.equal(2);
    expect(without({ ...all, models: ["small"] })).to.equal(2);
    expect(without({ ...all, path: "/v1/agents/echo:*" })).to.equal(2);
  });

  it("makes a large table of few bytes, and of an edit only one agent's routes anew", () => {
    const agents = Array.from({ length: 500 }, (_, index) => agent(`agent-${index}`));
    const routes = agents.flatMap(({ name }) => [
      route(name, {
        name: `${name}-gold`,
        match: { agent: name, headers: {}, claims: { plan: ["gold"] } },
      }),
      route(name, {
        name: `${name}-beta`,
        match: { agent: name, headers: { beta: "yes" }, claims: {} },
      }),
    ]);
    const listsWith = (more: Partial<Route>): readonly Uint8Array[] => {
      const [last, ...others] = routes.toReversed();
      const edited = mesh({
        agents,
        routes: [...others.toReversed(), ...(last ? [{ ...last, ...more }] : [])],
      });
      const [described] = translate(edited, contract).route;
      return described === undefined ? [] : routeListsOf(described.message);
    };
    const before = listsWith({});
    const bytes = before.reduce((sum, { length }) => sum + length, 0);
    expect(bytes / routes.length, "bytes of a route with its doors and refusals").to.be.below(870);
    const known = new Set(before);
    const after = listsWith({ timeoutMs: 1_000 });
    // Both doors of the agent, what is no agent's, and the directory.
    expect(after.filter((list) => !known.has(list))).to.have.length(6);
  });

  it("says of each route of the table where it was written", () => {
    const at = (line: number) => ({ ...origin, line });
    const agents = ["a", "10", "9"].map((name, index) => ({ ...agent(name), origin: at(index) }));
    const routes = agents.map(({ name, origin }) =>
      route(name, { origin: at(origin.line + 10), name: `to-${name}` }),
    );
    const [described] = translate(mesh({ agents, routes }), contract).route;
    const written = routesOf(described?.message ?? create(RouteConfigurationSchema)).flatMap(
      ({ name }, index) =>
        name.startsWith("to-") ? [[name, described?.parts?.[index]?.line] as const] : [],
    );
    expect(new Map(written)).to.deep.equal(
      new Map([
        ["to-a", 10],
        ["to-10", 11],
        ["to-9", 12],
      ]),
    );
    expect(written).to.have.length(6);
  });

  it("opens of a route's doors only those that its path fits", () => {
    const doorsOf = (path: string): readonly (string | undefined)[] => {
      const match = { agent: "echo", headers: {}, claims: {}, path };
      return tableOf(mesh({ routes: [route("here", { match })] }))
        .filter(({ name }) => name === "here")
        .map(({ match: { pathSpecifier } = {} }) =>
          typeof pathSpecifier?.value === "object" && "regex" in pathSpecifier.value
            ? pathSpecifier.value.regex
            : String(pathSpecifier?.value),
        );
    };
    expect(doorsOf("/v1/agents/echo:stream")).to.deep.equal(["/v1/agents/echo:stream"]);
    expect(doorsOf("/smartcall.v1.AgentService/*")).to.deep.equal([
      String.raw`\/smartcall\.v1\.AgentService\/(Invoke|Stream|Converse)`,
    ]);
    expect(doorsOf("/*")).to.have.length(2);
  });
});
