// What a quota service is told of a mesh, over a real stream.

import { once } from "node:events";
import { credentials, Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { QuotaPolicyServiceClient, type quotaPb } from "@smartcall/protos";
import { expect } from "chai";
import type { MeshConfig } from "../config/index.ts";
import { parseMesh } from "../config/index.ts";
import { joinedByToken } from "../state/index.ts";
import { policiesOf, servePolicies } from "./index.ts";

const written = `mesh: demo
agents: { writer: {}, cheap: {}, other: {} }
routes:
  - name: writing
    match: { agent: writer }
    to: { writer: 95, cheap: 5 }
    limits:
      - { requests: 60, per: minute, by: subject }
      - { requests: 1000, per: hour, by: subject }
      - { concurrent: 4, by: claim:team }
    budget: { of: team, reserve: 4000, minimum: 100 }
    timeout: 30s
  - { name: other, match: { agent: other }, limits: [{ requests: 5, per: second, by: route }] }
budgets:
  team: { by: claim:team, tokens: 2000000, per: day, within: org }
  org: { by: mesh, money: 500, per: month }
prices: { writer: { input: 1.25, output: 10 }, cheap: { input: 0, output: 0.002 } }
`;

describe("what quota services are told", () => {
  it("is all that they count of a mesh, and nothing else", () => {
    const { routesList, ...rest } = policiesOf([configOf(written)]).toObject();
    expect(routesList).to.have.lengthOf(1);
    expect(routesList[0]).to.deep.equal({
      name: "writing",
      limitsList: [
        { name: "writing:1000/hour/subject", most: 1000, per: "hour", by: "subject" },
        { name: "writing:4/at-once/claim:team", most: 4, per: "at-once", by: "claim:team" },
      ],
      budget: { of: "team", reserve: 4000, minimum: 100 },
      longestMs: 30_000,
      pricesList: [
        { agent: "cheap", inputNanos: 0, outputNanos: 2 },
        { agent: "writer", inputNanos: 1_250, outputNanos: 10_000 },
      ],
    });
    const [team, org] = [
      { name: "team", by: "claim:team", amount: 2e6, unit: "tokens", per: "day", within: "org" },
      { name: "org", by: "mesh", amount: 5e11, unit: "nanos", per: "month", within: "" },
    ];
    expect(rest).to.deep.equal({ mesh: "demo", budgetsList: [org, team] });
  });

  it("is of every version that gateways may have, the newer one's before the older's", () => {
    const older = configOf(written);
    const newer = configOf(
      written.replaceAll("4000", "5000").replaceAll("writing", "prose").replace("500,", "700,"),
    );
    const both = policiesOf([older, newer]);
    expect(both.getRoutesList().map((route) => route.getName())).to.deep.equal([
      "prose",
      "writing",
    ]);
    expect(both.getBudgetsList()[0]?.getAmount()).to.equal(7e11);
    const plain = configOf("mesh: demo\nagents: { writer: {}, cheap: {}, other: {} }\n");
    expect(policiesOf([older, plain]).getRoutesList()).to.have.lengthOf(1);
    expect(policiesOf([plain]).getRoutesList()).to.deep.equal([]);
  });

  it("comes at once and whenever it changes, to those with the join token", async () => {
    const server = new Server();
    const serving = servePolicies(server, {
      joinedBy: joinedByToken("joins"),
      mostStreams: 1,
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const client = new QuotaPolicyServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const watch = (token: string) => {
      const metadata = new Metadata();
      metadata.set("authorization", `Bearer ${token}`);
      const stream = client.watchPolicies(metadata);
      const heard: string[] = [];
      stream.on("data", (policies: quotaPb.QuotaPolicies) => heard.push(policies.getMesh()));
      stream.on("error", () => undefined);
      return { stream, heard, ended: new Promise((resolve) => stream.on("status", resolve)) };
    };
    try {
      serving.change(policiesOf([configOf(written)]));
      const watching = watch("joins");
      await once(watching.stream, "data");
      serving.change(policiesOf([configOf(written)]));
      serving.change(policiesOf([configOf(written.replace("demo", "other"))]));
      await once(watching.stream, "data");
      expect(watching.heard).to.deep.equal(["demo", "other"]);
      const refused = await watch("else").ended;
      expect(refused).to.have.property("details").that.includes("send the join token");
      expect(await watch("joins").ended).to.have.property("code", status.RESOURCE_EXHAUSTED);
      serving.close();
      const ended = await watching.ended;
      expect(ended).to.have.property("details").that.includes("is ending");
    } finally {
      client.close();
      server.forceShutdown();
    }
  });
});

function configOf(text: string): MeshConfig {
  const parsed = parseMesh([{ name: "mesh.yaml", text }]);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ message }) => message).join("\n"));
  return parsed.config;
}
