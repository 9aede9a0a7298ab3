import { toBinary } from "@bufbuild/protobuf";
import { RouteConfigurationSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { expect } from "chai";
import type { Mesh } from "../model/mesh.ts";
import { keptRoutes } from "./kept-routes.ts";
import { agent, contract, mesh, route } from "./mesh-sketch.test.ts";
import { routes } from "./route.ts";

describe("a table of routes that is kept", () => {
  const tablesOf = (one: Mesh) => keptRoutes(one, contract, "listener");
  const echo = agent("echo");
  const address = { kind: "ip", host: "127.0.0.1", port: 9000 } as const;
  const instance = { id: "one", healthy: true, zone: "here", version: "1", address };

  it("is the very same while instances come and go and tokens are revoked", () => {
    const before = tablesOf(mesh({ agents: [echo] }));
    const agents = [{ ...echo, instances: [instance] }];
    const denied = { tokens: ["one"], subjects: [] };
    expect(tablesOf(mesh({ agents, denied }))).to.equal(before);
  });

  it("is another one after a change of its own", () => {
    const before = tablesOf(mesh({ agents: [echo] }));
    const agents = [echo, agent("poet")];
    expect(tablesOf(mesh({ agents }))).not.to.equal(before);
    expect(
      tablesOf(mesh({ agents: [echo], routes: [route("echo", { timeoutMs: 1 })] })),
    ).not.to.equal(before);
    expect(keptRoutes(mesh({ agents: [echo] }), contract, "other")).not.to.equal(before);
  });

  it("says what a new one says, however often it is read", () => {
    const one = mesh({ agents: [agent("novel")], routes: [route("novel")] });
    const bytesOf = (tables: ReturnType<typeof routes>) =>
      tables.map(({ message }) => Buffer.from(toBinary(RouteConfigurationSchema, message)));
    const kept = tablesOf(one);
    const made = bytesOf(routes(one, contract, "listener"));
    expect(made).not.to.deep.equal([]);
    for (const _ of ["once", "twice"]) expect(bytesOf(kept)).to.deep.equal(made);
  });
});
