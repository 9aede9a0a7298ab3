// API1:2023: a caller who may use one agent tries to reach another.
import { Metadata } from "@grpc/grpc-js";
import { expect } from "chai";
import { clientFor, invokeGrpc, saying } from "../../harness/grpc.ts";
import { requestText, sayRaw } from "../../harness/raw-http.ts";
import { asking } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

/** Ways to write a path that some server or other takes for the vault's. */
const vaultPaths: readonly string[] = [
  "/v1/agents/vault:invoke",
  "/v1/agents/echo/../vault:invoke",
  "/v1/agents/echo:invoke/../vault:invoke",
  "/v1/agents/./vault:invoke",
  "//v1//agents//vault:invoke",
  "/v1/agents//vault:invoke",
  "/v1/agents/%76ault:invoke",
  "/v1/agents/vault%3Ainvoke",
  "/v1/agents/vault%3ainvoke",
  "/v1/agents%2Fvault:invoke",
  "/v1/agents/echo%2F..%2Fvault:invoke",
  "/v1/agents/echo/%2e%2e/vault:invoke",
  "/v1/agents/echo/%2E%2E/vault:invoke",
  "/v1/agents/echo/%252e%252e/vault:invoke",
  "/v1/agents/echo/..%5Cvault:invoke",
  "/v1/agents/echo\\..\\vault:invoke",
  "/v1/agents/echo;/../vault:invoke",
  "/v1/agents/vault;a=b:invoke",
  "/v1/agents/vault:invoke;jsessionid=1",
  "/v1/agents/VAULT:invoke",
  "/V1/AGENTS/vault:INVOKE",
  "/v1/agents/vault.:invoke",
  "/v1/agents/vault:invoke.",
  "/v1/agents/vault:invoke/",
  "/v1/agents/vault:invoke%00",
  "/v1/agents/vault%00:invoke",
  "/v1/agents/vault:invoke%20",
  "/v1/agents/vault:invoke?agent=echo",
  "/v1/agents/vault:invoke#/v1/agents/echo:invoke",
  "/v1/agents/echo,vault:invoke",
  "/v1/agents/ec\u0068o%0d%0asmartcall-agent:vault:invoke",
  "https://localhost/v1/agents/vault:invoke",
  "https://echo@localhost/v1/agents/vault:invoke",
  "http://vault/v1/agents/vault:invoke",
  "/smartcall.v1.AgentService/Invoke",
  "/smartcall.v1.AgentService/Invoke?agent=vault",
];

describe("OWASP API1: broken object level authorisation", () => {
  let mesh: Attacked;
  before(async () => {
    mesh = await attacked();
  });

  const body = JSON.stringify(asking("hello"));
  const post = (path: string, headers: readonly string[], content = body) =>
    sayRaw(
      mesh.gateway,
      requestText(
        `POST ${path} HTTP/1.1`,
        [
          "content-type: application/json",
          `authorization: Bearer ${mesh.gateway.token()}`,
          ...headers,
        ],
        content,
      ),
    );

  it("the vault opens to its own callers, and echo to everyone with a token", async () => {
    const token = mesh.gateway.token({ claims: { plan: "gold" } });
    const reply = await mesh.call({ path: "/v1/agents/vault:invoke", token });
    expect(reply.status, reply.text).to.equal(200);
    expect((await post("/v1/agents/echo:invoke", [])).statuses).to.deep.equal([200]);
  });

  it("by no way to write a path", async () => {
    const before = mesh.vault.seen.length;
    const ends = await Promise.all(
      vaultPaths.map(async (path) => [path, (await post(path, [])).statuses] as const),
    );
    expect(mesh.vault.seen.length).to.equal(before);
    for (const [path, statuses] of ends) {
      expect(statuses, path).to.have.length(1);
      expect(statuses[0], path).to.be.within(400, 404);
    }
    // What stands in a query is no path.
    const asked = await post("/v1/agents/echo:invoke?/../vault:invoke", []);
    expect(asked.statuses).to.deep.equal([200]);
    expect(mesh.vault.seen.length).to.equal(before);
    expect(mesh.agent.seen.at(-1)?.get("smartcall-agent")).to.deep.equal(["echo"]);
  });

  it("by headers that would name it", async () => {
    const tricks: readonly (readonly string[])[] = [
      ["smartcall-agent: vault"],
      ["smartcall-agent: vault", "smartcall-agent: echo"],
      ["Smartcall-Agent: vault"],
      ["smartcall_agent: vault"],
      ["x-envoy-original-path: /v1/agents/vault:invoke"],
      ["X-Envoy-Original-Path: /v1/agents/vault:invoke"],
      ["x-original-url: /v1/agents/vault:invoke"],
      ["x-rewrite-url: /v1/agents/vault:invoke"],
      ["x-forwarded-uri: /v1/agents/vault:invoke"],
      ["x-forwarded-prefix: /v1/agents/vault:invoke"],
      ["x-forwarded-host: vault"],
      ["x-http-method-override: GET"],
      ["host: vault"],
      ["host: vault.localhost:80"],
      ["x-envoy-upstream-alt-stat-name: vault"],
      ["x-envoy-decorator-operation: vault"],
    ];
    for (const headers of tricks) {
      const [vault, echo] = [mesh.vault.seen.length, mesh.agent.seen.length];
      const { statuses } = await post("/v1/agents/echo:invoke", headers);
      expect(mesh.vault.seen.length, headers.join()).to.equal(vault);
      // Either it goes where its path says, or it is refused.
      const [status = 0] = statuses;
      expect(status, headers.join()).to.be.oneOf([200, 400]);
      expect(mesh.agent.seen.length - echo).to.equal(status === 200 ? 1 : 0);
      if (status === 200) {
        expect(mesh.agent.seen.at(-1)?.get("smartcall-agent")).to.deep.equal(["echo"]);
      }
    }
  });

  it("by a host, by two, or by none: a call goes where its path says, or nowhere", async () => {
    const before = mesh.vault.seen.length;
    const hosts = [["host: vault"], ["host: localhost", "host: vault"], ["host: "], ["host: a b"]];
    const all = await Promise.all(hosts.map((host) => post("/v1/agents/echo:invoke", host)));
    for (const { statuses } of all) expect(statuses[0]).to.be.oneOf([200, 400]);
    expect(mesh.vault.seen.length).to.equal(before);
  });

  it("by metadata of gRPC", async () => {
    const before = mesh.vault.seen.length;
    const token = mesh.gateway.token();
    const direct = await invokeGrpc(mesh.gateway, {
      agent: "vault",
      token,
      request: saying("hello"),
    });
    expect(direct.ok ? 0 : direct.error.code).to.equal(7);
    const client = clientFor(mesh.gateway);
    const call = (said: readonly (readonly [string, string | Buffer])[]): Promise<number> => {
      const metadata = new Metadata();
      metadata.set("authorization", `Bearer ${token}`);
      for (const [name, value] of said) metadata.add(name, value);
      return new Promise((resolve) => {
        client.invoke(saying("hello"), metadata, {}, (error) => resolve(error?.code ?? 0));
      });
    };
    try {
      expect(await call([["smartcall-agent", "echo"]])).to.equal(0);
      const named = (name: string): readonly [string, string] => ["smartcall-agent", name];
      expect(await call([named("echo"), named("vault")])).to.equal(3);
      expect(await call([named("vault"), named("echo")])).to.not.equal(0);
      expect(await call([named("echo,vault")])).to.equal(5);
      expect(await call([named("vault ")])).to.not.equal(0);
      expect(await call([named("VAULT")])).to.equal(5);
      expect(await call([named("../vault")])).to.equal(5);
      expect(await call([["smartcall-agent-bin", Buffer.from("vault")]])).to.equal(3);
      expect(await call([["smartcall_agent", "vault"]])).to.equal(3);
      const path: readonly [string, string] = ["x-envoy-original-path", "/v1/agents/vault:invoke"];
      expect(await call([named("echo"), path])).to.equal(0);
      expect(mesh.agent.seen.at(-1)?.get("smartcall-agent")).to.deep.equal(["echo"]);
    } finally {
      client.close();
    }
    expect(mesh.vault.seen.length).to.equal(before);
  });

  it("by a path of gRPC over REST, and of REST over gRPC", async () => {
    const before = mesh.vault.seen.length;
    const grpc = ["content-type: application/grpc", "te: trailers"];
    const frame = "\u0000\u0000\u0000\u0000\u0000";
    const paths = [
      "/smartcall.v1.AgentService/invoke",
      "/smartcall.v1.AgentService/../v1/agents/vault:invoke",
      "/v1/agents/vault:invoke",
      "/smartcall.v1.AgentService%2FInvoke",
      "//smartcall.v1.AgentService/Invoke",
    ];
    const headers = [
      ...grpc,
      `authorization: Bearer ${mesh.gateway.token()}`,
      "smartcall-agent: vault",
    ];
    await Promise.all(
      paths.map((path) =>
        sayRaw(mesh.gateway, requestText(`POST ${path} HTTP/1.1`, headers, frame)),
      ),
    );
    expect(mesh.vault.seen.length).to.equal(before);
  });
});
