import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { AgentServiceClient, type agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { saying } from "../harness/grpc.ts";
import { textAt } from "../harness/json.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents:
  writer: { instances: { static: [$rest] } }
  small: { instances: { static: [$small] } }
  large: { instances: { static: [$large] } }
  only: { instances: { static: [$rest] } }
routes:
  - name: writing
    match: { agent: writer }
  - name: writing-small
    match: { agent: writer, model: [small, "odd \\"one\\" (1.5)", "5"] }
    to: small
  - name: writing-large
    match: { agent: writer, model: large }
    to: large
    allow: { scopes: [agents:invoke, models:large] }
  - name: gold-large
    match: { agent: writer, model: large, claims: { plan: gold } }
    to: large
  - name: only-small
    match: { agent: only, model: small }
    to: small
`;

describe("Routes by model", () => {
  let gateway: TestGateway;
  const agents = new Map<string, ObedientAgent>();
  before(async () => {
    for (const name of ["rest", "small", "large"]) agents.set(name, await startObedientAgent());
    const ports = Object.fromEntries([...agents].map(([name, { port }]) => [name, port]));
    gateway = await startGateway(await writtenMesh(mesh, ports));
  });
  after(async () => {
    await gateway.stop();
    for (const agent of agents.values()) agent.stop();
  });

  /** Who answers, or the refusal's status. */
  const answering = async (call: () => Promise<RestReply>): Promise<string> => {
    const counts = new Map([...agents].map(([name, { seen }]) => [name, seen.length]));
    const reply = await call();
    const [taker] = [...agents].filter(([name, { seen }]) => seen.length > (counts.get(name) ?? 0));
    return taker?.[0] ?? `${reply.status} ${textAt(reply.json, "error", "message")}`;
  };
  const ask = (
    body: unknown,
    more: {
      readonly agent?: string;
      readonly path?: string;
      readonly claims?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<string> =>
    answering(() =>
      callRest(gateway, {
        path: more.path ?? `/v1/agents/${more.agent ?? "writer"}:invoke`,
        token: gateway.token({ claims: more.claims ?? {} }),
        body,
        headers: more.headers ?? {},
      }),
    );
  const model = (name: unknown) => asking("hello", { model: name });

  it("take the calls whose body asks for one of theirs, and no other", async () => {
    expect(await ask(asking("hello"))).to.equal("rest");
    expect(await ask(model("small"))).to.equal("small");
    expect(await ask(model('odd "one" (1.5)'))).to.equal("small");
    expect(await ask(model("smal"))).to.equal("rest");
    expect(await ask(model("small "))).to.equal("rest");
    expect(await ask(model("other"))).to.equal("rest");
    expect(await ask(model(null))).to.equal("rest");
    expect(await ask(model("small"), { path: "/v1/agents/writer:stream" })).to.equal("small");
    expect(await ask(model("small"), { agent: "only" })).to.equal("small");
    expect(await ask(model("large"), { agent: "only" })).to.match(/^403 No route/);
    expect(await ask(asking("hello"), { agent: "only" })).to.match(/^403 No route/);
  });

  it("hold their own scopes, and are chosen with claims too", async () => {
    expect(await ask(model("large"))).to.match(/^403 .*models:large/);
    expect(await ask(model("large"), { claims: { plan: "gold" } })).to.equal("large");
    const reply = await callRest(gateway, {
      path: "/v1/agents/writer:invoke",
      body: model("large"),
    });
    expect(reply.status).to.equal(401);
  });

  it("cannot be passed by writing the body in another way", async () => {
    const messages = '"messages":[{"role":"user","content":"hello"}]';
    const passed: string[] = [];
    for (const body of [
      `{"mod\\u0065l":"large",${messages}}`,
      `{${messages},"model":"small","model":"large"}`,
      `{"model":"large","model":"small",${messages}}`,
      `{'model':'large',${messages}}`,
      `{model:"large",${messages}}`,
      `{"model":"large",${messages},}`,
      `{"model":"large",${messages}} trailing`,
      `{"model":["large"],${messages}}`,
      `\uFEFF{"model":"large",${messages}}`,
      `/* */{"model":"large",${messages}}`,
      `{"model":"large",${messages},"seed":NaN}`,
    ]) {
      const taker = await ask(body);
      const seen = taker === "rest" || taker === "small" ? agents.get(taker)?.models.at(-1) : "";
      if (seen === "large") passed.push(`${taker}: ${body}`);
    }
    for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
      const taker = await ask(JSON.stringify(model("large")), {
        headers: { "content-type": type },
      });
      if (!taker.startsWith("403")) passed.push(`${taker}: ${type}`);
    }
    for (const query of ["model=large", "mod%65l=large", "model=small&model=large"]) {
      for (const body of [asking("hello"), model("small")]) {
        const taker = await ask(body, { path: `/v1/agents/writer:invoke?${query}` });
        if (!taker.startsWith("400 A call")) passed.push(`${taker}: ${query}`);
      }
    }
    expect(passed).to.deep.equal([]);
    expect(await ask(model(5))).to.match(/^400/);
  });

  it("take bodies as large as other routes do", async () => {
    const large = asking("x".repeat(3_500_000), { model: "small" });
    expect(await ask(large)).to.equal("small");
    const tooLarge = asking("x".repeat(5_000_000), { model: "small" });
    expect(await ask(tooLarge)).to.match(/^413/);
  });

  it("take native gRPC calls by the metadata key alone, which the agent is told", async () => {
    const client = new AgentServiceClient(
      `localhost:${gateway.port}`,
      credentials.createSsl(Buffer.from(gateway.ca)),
    );
    const invoke = (
      keys: Readonly<Record<string, string>>,
    ): Promise<agentPb.InvokeResponse | ServiceError> => {
      const metadata = new Metadata();
      const all = { authorization: `Bearer ${gateway.token()}`, "smartcall-agent": "writer" };
      for (const [key, value] of Object.entries({ ...all, ...keys })) metadata.set(key, value);
      return new Promise((resolve) => {
        client.invoke(saying("hello"), metadata, {}, (error, response) => {
          if (error !== null) resolve(error);
          else if (response !== undefined) resolve(response);
        });
      });
    };
    const told = (name: string) => agents.get(name)?.seen.at(-1)?.get("smartcall-model");
    await invoke({ "smartcall-model": 'odd "one" (1.5)' });
    expect(told("small")).to.deep.equal(['odd "one" (1.5)']);
    await invoke({});
    expect(told("rest")).to.deep.equal([""]);
    await invoke({ "smartcall-model": "unlisted" });
    expect(told("rest")).to.deep.equal(["unlisted"]);
    const refused = await invoke({ "smartcall-model": "large" });
    expect("code" in refused && refused.code).to.equal(status.PERMISSION_DENIED);
    client.close();
  });
});
