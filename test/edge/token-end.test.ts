// The end of a token ends what agents do that are not built on the kit, which do not look at it.

import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { AgentServiceClient, agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { pause } from "../harness/eventually.ts";
import { expectRefusal } from "../harness/expect-refusal.ts";
import { saying } from "../harness/grpc.ts";
import { asking, callRest, openRest } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { meshOf } from "./mesh-of.ts";

/** Streamed for 15 seconds. */
const endless = Array.from({ length: 300 }, () => "word").join(" ");
const lifetimeMs = 2_500;

describe("The end of a token, at the edge", function () {
  this.timeout(60_000);
  let gateway: TestGateway;
  let client: AgentServiceClient;
  before(async () => {
    gateway = await startGateway((parts) => {
      const mesh = meshOf({ ...parts, more: ["again"] });
      const retry = { on: ["reset"], attempts: 5 } as const;
      const routes = mesh.routes.map((route) =>
        route.name === "again" ? { ...route, retry } : route,
      );
      return { ...mesh, routes };
    });
    const trust = credentials.createSsl(Buffer.from(gateway.ca));
    client = new AgentServiceClient(`localhost:${gateway.port}`, trust);
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  const metadata = (agent: string, token: string): Metadata => {
    const made = new Metadata();
    made.set("authorization", `Bearer ${token}`);
    made.set("smartcall-agent", agent);
    return made;
  };
  const invoke = (agent: string, token: string, text: string): Promise<ServiceError | null> =>
    new Promise((resolve) => {
      client.invoke(saying(text), metadata(agent, token), {}, (error) => resolve(error));
    });
  /** It counts whole seconds, and Envoy waits half a second longer. */
  const expectInTime = (begin: number): void => {
    expect(performance.now() - begin).to.be.within(1_000, lifetimeMs + 4_000);
  };
  const expectExpired = (error: ServiceError | null): void => {
    expect(error?.code).to.equal(status.UNAUTHENTICATED);
    expect(String(error?.metadata.get("grpc-status-details-bin")[0])).to.include("TOKEN_EXPIRED");
  };

  it("refuses a single answer that has not come, by REST and gRPC", async () => {
    const begin = performance.now();
    const token = gateway.token({ lifetimeMs });
    const call = { path: "/v1/agents/echo:invoke", token, body: asking("silence") };
    const [reply, error] = await Promise.all([
      callRest(gateway, call),
      invoke("echo", token, "silence"),
    ]);
    expectInTime(begin);
    expectRefusal(reply, 401, "UNAUTHENTICATED", "TOKEN_EXPIRED");
    expect(reply.headers["www-authenticate"]).to.equal('Bearer error="invalid_token"');
    expectExpired(error);
  });

  it("ends a call that would be tried again, too", async () => {
    const begin = performance.now();
    const token = gateway.token({ lifetimeMs });
    const call = { path: "/v1/agents/again:invoke", token, body: asking("silence") };
    const reply = await callRest(gateway, call);
    expectInTime(begin);
    expect([401, 504]).to.include(reply.status);
  });

  it("breaks a stream by REST: no last event", async () => {
    const begin = performance.now();
    const response = await openRest(gateway, {
      path: "/v1/agents/echo:stream",
      token: gateway.token({ lifetimeMs }),
      body: asking(endless),
    });
    let text = "";
    let broken: unknown;
    try {
      for await (const chunk of response) text += String(chunk);
    } catch (error) {
      broken = error;
    }
    expectInTime(begin);
    expect(text.split("data:").length).to.be.within(10, 200);
    expect(broken).to.be.instanceOf(Error);
  });

  it("breaks a stream by gRPC", async () => {
    const begin = performance.now();
    const stream = client.stream(saying(endless), metadata("echo", gateway.token({ lifetimeMs })));
    let events = 0;
    stream.on("data", () => events++);
    const code = await new Promise<number>((resolve) => {
      stream.on("error", (error: ServiceError) => resolve(error.code));
      stream.on("end", () => resolve(status.OK));
    });
    expectInTime(begin);
    expect(code).to.not.equal(status.OK);
    expect(events).to.be.within(10, 200);
  });

  it("breaks a conversation whose caller goes on", async () => {
    const begin = performance.now();
    const talk = client.converse(metadata("echo", gateway.token({ lifetimeMs })));
    const turn = new agentPb.ConverseRequest();
    turn.setTurn(saying("hello"));
    let answers = 0;
    talk.on("data", () => answers++);
    const speaking = setInterval(() => talk.write(turn), 200);
    const code = await new Promise<number>((resolve) => {
      talk.on("error", (error: ServiceError) => resolve(error.code));
      talk.on("end", () => resolve(status.OK));
    });
    clearInterval(speaking);
    expectInTime(begin);
    expect(code).to.not.equal(status.OK);
    expect(answers).to.be.greaterThan(2);
  });

  it("is near for a token that expired within the ten seconds of grace", async () => {
    const token = gateway.token({ lifetimeMs: 1_000 });
    await pause(2_500);
    const begin = performance.now();
    for (const method of ["invoke", "stream"]) {
      const call = { path: `/v1/agents/stuck:${method}`, token, body: asking("hello") };
      expectRefusal(await callRest(gateway, call), 401, "UNAUTHENTICATED", "TOKEN_EXPIRED");
    }
    expectExpired(await invoke("stuck", token, "hello"));
    expect(performance.now() - begin).to.be.within(1_000, 6_000);
    const quick = { path: "/v1/agents/echo:invoke", token, body: asking("hello") };
    expect((await callRest(gateway, quick)).status).to.equal(200);
  });

  it("is nothing that agents are told of beside the claims", async () => {
    const call = { path: "/v1/agents/echo:invoke", token: gateway.token(), body: asking("hello") };
    await callRest(gateway, { ...call, headers: { "smartcall-expires": "1" } });
    await callRest(gateway, { ...call, token: gateway.token({ lifetimeMs: 5_000 }) });
    const keys = gateway.agent.seen.slice(-2).flatMap((each) => Object.keys(each.getMap()));
    expect(keys).to.not.include("smartcall-expires");
    expect(keys.filter((key) => key.includes("duration"))).to.deep.equal([]);
  });
});
