import { toBinary } from "@bufbuild/protobuf";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { expect } from "chai";
import type { Budget, BudgetUse } from "../../model/budget.ts";
import type { Limit } from "../../model/limit.ts";
import type { Agent, Mesh } from "../../model/mesh.ts";
import type { OwnServices } from "../../source/own-services/index.ts";
import { routesOf } from "../index.ts";
import { agent, mesh, origin, route } from "../mesh-sketch.test.ts";
import { callersOf } from "./callers.ts";
import { inboundRoutes } from "./inbound-routes.ts";
import { type SidecarPlace, sidecarsOf } from "./sidecars.ts";

const place: SidecarPlace = { inbound: { host: "127.0.0.1", port: 7001 }, egressPort: 7002 };
const weather: OwnServices = {
  id: "weather",
  descriptors: new Uint8Array(),
  translated: new Uint8Array(),
  services: ["acme.Weather"],
  paths: [
    {
      door: "grpc",
      path: "/acme.Weather/Forecast",
      method: "/acme.Weather/Forecast",
      clientStreams: false,
      serverStreams: false,
    },
  ],
};
const calling = (name: string, ...calls: readonly string[]): Agent => ({ ...agent(name), calls });

const use: BudgetUse = { of: "team", reserve: 100, minimum: 1, unavailable: "refuse", origin };
const budget = (name: string): Budget => ({
  name,
  by: { kind: "subject" },
  amount: { kind: "tokens", tokens: 1000 },
  per: "day",
  origin,
});
const limit: Limit = {
  name: "one",
  kind: "concurrent",
  calls: 1,
  by: { kind: "subject" },
  origin,
};

describe("who may call the sidecars of an agent", () => {
  const callers = (of: Mesh, name: string) =>
    callersOf(of)
      .get(name)
      ?.map((each) => each.replace("spiffe://test/", ""));

  it("is the gateways, and the agents that name it", () => {
    const of = mesh({ agents: [calling("planner", "writer"), agent("writer"), agent("other")] });
    expect(callers(of, "writer")).to.deep.equal(["agent/planner", "gateway"]);
    expect(callers(of, "planner")).to.deep.equal(["gateway"]);
  });

  it("is no gateway where the agent is hidden, unless a route of one that is not leads there", () => {
    const agents = [agent("front"), { ...agent("back"), hidden: true }];
    expect(callers(mesh({ agents, routes: [route("front")] }), "back")).to.deep.equal([]);
    const leading = route("front", { fallback: ["back"] });
    expect(callers(mesh({ agents, routes: [leading] }), "back")).to.deep.equal(["gateway"]);
  });

  it("is also who names an agent for which it answers", () => {
    const to = [
      { agent: "writer", weight: 9 },
      { agent: "writer-next", weight: 1 },
    ];
    const of = mesh({
      agents: [calling("planner", "writer"), agent("writer"), agent("writer-next")],
      routes: [route("writer", { to })],
    });
    expect(callers(of, "writer-next")).to.deep.equal(["agent/planner", "gateway"]);
  });
});

describe("what a sidecar is given", () => {
  const agents = [calling("planner", "writer"), agent("writer"), agent("other")];
  const routes = ["planner", "writer", "other"].map((name) => route(name));
  const of = (parts: Partial<Mesh>, name = "planner") => {
    const made = sidecarsOf(mesh({ agents, routes, ...parts })).of(name, place);
    if (made === undefined) throw new Error(`there is no ${name}`);
    return made;
  };
  const bytes = (parts: Partial<Mesh>) =>
    of(parts).listener.map(({ message }) =>
      Buffer.from(toBinary(ListenerSchema, message)).toString("hex"),
    );

  it("has listeners that no change of calls, routes, keys and agents touches", () => {
    const changed: Partial<Mesh> = {
      agents: [
        { ...calling("planner", "other", "writer"), concurrency: { running: 1 } },
        ...agents.slice(1),
      ],
      routes: routes.map((each) => ({ ...each, sticky: "team", timeoutMs: 1 })),
      issuers: [],
      denied: { tokens: ["one"], subjects: [] },
    };
    expect(bytes(changed)).to.deep.equal(bytes({}));
  });

  it("listens where its node says, and its socket for calls is its owner's alone", () => {
    const [inbound, calls, egress] = of({}).listener.map(({ message }) => message);
    expect(inbound?.address?.address.value).to.deep.include({
      address: "127.0.0.1",
      portSpecifier: { case: "portValue", value: 7001 },
    });
    expect(inbound?.enableReusePort).to.equal(false);
    expect(calls?.address?.address.value).to.deep.include({ path: "calls.sock", mode: 0o600 });
    expect(egress?.address?.address.value).to.deep.include({
      address: "127.0.0.1",
      portSpecifier: { case: "portValue", value: 7002 },
    });
  });

  it("has routes to the agents that it may call, and leads to no others", () => {
    const calls = of({}).route.find(({ name }) => name === "calls");
    expect(calls?.leadsTo).to.deep.equal(["writer"]);
    const found = calls === undefined ? [] : routesOf(calls.message);
    const actions = found.flatMap(({ action, name }) => (action.case === "route" ? [name] : []));
    expect(actions).to.deep.equal(["writer"]);
  });

  it("has routes to their own methods as well, and others where those change", () => {
    const table = (services: OwnServices) => {
      const serving: Agent = { ...agent("writer"), services };
      const given = of({
        agents: [calling("planner", "writer", "other"), serving, agent("other")],
      });
      return given.route.flatMap(({ message, name }) =>
        name === "calls" ? routesOf(message) : [],
      );
    };
    const paths = (services: OwnServices) =>
      table(services).flatMap(({ action, match, name }) =>
        action.case === "route" ? [`${name} ${String(match?.pathSpecifier.value)}`] : [],
      );
    const contract = ["writer", "other"].map((name) => `${name} /smartcall.v1.AgentService/`);
    expect(paths(weather)).to.have.members([...contract, "writer /acme.Weather/"]);
    const services = { ...weather, id: "none", services: [], paths: [] };
    expect(paths(services)).to.have.members(contract);
  });

  it("has tables that are not made before someone asks for them", () => {
    let made = 0;
    // A table names the services that it leads to; nothing else here looks for them.
    const services = Object.defineProperty({ ...weather }, "services", {
      get: () => {
        made += 1;
        return weather.services;
      },
    });
    const serving: Agent = { ...agent("writer"), services };
    const given = of({ agents: [calling("planner", "writer"), serving] });
    expect(made).to.equal(0);
    for (const { message } of given.route) routesOf(message);
    expect(made).to.be.above(0);
    made = 0;
    const sticky = ["team"];
    const claims = Object.assign([...sticky], {
      map: <Value>(each: (claim: string) => Value): Value[] => {
        made += 1;
        return sticky.map((claim) => each(claim));
      },
    });
    const inbound = inboundRoutes("planner", claims);
    expect(made).to.equal(0);
    expect(routesOf(inbound.message)).to.have.length(1);
    expect(made).to.equal(1);
  });

  it("asks inside for nothing that a route asks of callers from outside", () => {
    const strict = routes.map((each) => ({
      ...each,
      allow: { kind: "callers" as const, scopes: ["never"] },
    }));
    const table = ({ route: all }: ReturnType<typeof of>) =>
      all.flatMap(({ message, name }) => (name === "calls" ? routesOf(message) : []));
    expect(table(of({ routes: strict }))).to.deep.equal(table(of({})));
  });

  it("asks the quota service where an agent that it may call has a budget, and is as ever elsewhere", () => {
    const paid: Partial<Mesh> = {
      budgets: [budget("team")],
      routes: routes.map((each) =>
        each.name === "writer" ? { ...each, budget: use, limits: [limit] } : each,
      ),
    };
    const table = (parts: Partial<Mesh>, name?: string) =>
      of(parts, name).route.find((each) => each.name === "calls");
    const filters = (described: ReturnType<typeof table>) =>
      described === undefined
        ? []
        : routesOf(described.message).flatMap(({ typedPerFilterConfig }) =>
            Object.keys(typedPerFilterConfig).filter((name) => name !== "lua"),
          );
    expect(table(paid)?.leadsTo).to.deep.equal(["smartcall:quota", "writer"]);
    expect(filters(table(paid)).sort()).to.deep.equal([
      "quota-closed",
      "quota-end",
      "reservation",
      "usage",
    ]);
    expect(table({})?.leadsTo).to.deep.equal(["writer"]);
    expect(filters(table({}))).to.deep.equal([]);
    // Of limits alone it hears nothing, nor does who calls others hear of this budget.
    const limited = { routes: routes.map((each) => ({ ...each, limits: [limit] })) };
    expect(table(limited)?.content).to.equal(table({})?.content);
    expect(table(paid, "other")?.content).to.equal(table({}, "other")?.content);
    expect(bytes(paid)).to.deep.equal(bytes({}));
  });

  it("is nothing for an agent that the mesh lacks", () => {
    expect(sidecarsOf(mesh({})).of("stranger", place)).to.equal(undefined);
  });

  it("says so where something has changed that gateways are not told of", () => {
    const { revision } = sidecarsOf(mesh({ agents, routes }));
    const other = (parts: Partial<Mesh>) => sidecarsOf(mesh({ agents, routes, ...parts })).revision;
    expect(other({})).to.equal(revision);
    expect(other({ agents: [calling("planner"), ...agents.slice(1)] })).to.not.equal(revision);
    const hidden: Agent = { ...agent("writer"), hidden: true };
    const serving = (id: string): Agent => ({ ...hidden, services: { ...weather, id } });
    const revisions = [hidden, serving("one"), serving("other")].map((each) =>
      other({ agents: [calling("planner", "writer"), each] }),
    );
    expect(new Set(revisions).size).to.equal(3);
    const bySubject = other({ budgets: [budget("team")] });
    expect(other({ budgets: [{ ...budget("team"), by: { kind: "mesh" } }] })).to.not.equal(
      bySubject,
    );
  });
});
