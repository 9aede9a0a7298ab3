import { type CallOptions, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { AgentServiceClient, type agentPb } from "@smartcall/protos";
import { expect } from "chai";
import { saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { startGateway, type TestGateway } from "./gateway.ts";

describe("The edge and a native gRPC caller", () => {
  let gateway: TestGateway;
  let client: AgentServiceClient;
  before(async () => {
    gateway = await startGateway();
    const trust = credentials.createSsl(Buffer.from(gateway.ca));
    client = new AgentServiceClient(`localhost:${gateway.port}`, trust);
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  const invoke = (
    keys: Readonly<Record<string, string>>,
    text = "hello",
    options: CallOptions = {},
  ): Promise<agentPb.InvokeResponse | ServiceError> => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(keys)) metadata.set(key, value);
    return calling(metadata, text, options);
  };
  const calling = (
    metadata: Metadata,
    text: string,
    options: CallOptions = {},
  ): Promise<agentPb.InvokeResponse | ServiceError> =>
    new Promise((resolve) => {
      client.invoke(saying(text), metadata, options, (error, response) => {
        if (error !== null) resolve(error);
        else if (response !== undefined) resolve(response);
      });
    });
  const authorization = (): string => `Bearer ${gateway.token()}`;

  it("speak through the same port", async () => {
    const answer = await invoke({ authorization: authorization(), "smartcall-agent": "echo" });
    expect("getMessage" in answer ? answer.getMessage()?.getContent() : answer).to.equal("hello");
  });

  it("may not name two agents, whichever exist", async () => {
    for (const names of [
      ["echo", "open"],
      ["nobody", "echo"],
      ["echo", "nobody"],
      ["echo", ""],
    ]) {
      const metadata = new Metadata();
      metadata.set("authorization", authorization());
      for (const name of names) metadata.add("smartcall-agent", name);
      const error = await calling(metadata, "hello");
      if (!("code" in error)) throw new Error("the call was answered");
      expect(error.code).to.equal(status.INVALID_ARGUMENT);
      expect(error.details).to.equal("smartcall-agent: must be given once");
      expect(reasonOf(error)).to.equal("INVALID_REQUEST");
    }
  });

  it("give the agent their deadline, within the route's bound", async () => {
    for (const [deadlineMs, atLeast, atMost] of [
      [400, 300, 400],
      [60_000, 1_000, 1_000],
    ] as const) {
      const keys = { authorization: authorization(), "smartcall-agent": "stuck" };
      const error = await invoke(keys, "hello", { deadline: Date.now() + deadlineMs });
      expect("code" in error && error.code).to.equal(status.DEADLINE_EXCEEDED);
      const seen = /^(\d+)m$/.exec(gateway.stuck.timeouts.at(-1) ?? "");
      expect(Number(seen?.[1])).to.be.within(atLeast, atMost);
    }
  });

  it("are told of a message too large for the agent to read as REST callers are", async () => {
    const keys = { authorization: authorization(), "smartcall-agent": "echo" };
    const error = await invoke(keys, "a".repeat(5_000_000));
    if (!("code" in error)) throw new Error("the call was answered");
    expect(error.code).to.equal(status.INVALID_ARGUMENT);
    expect(error.details).to.equal("The request is too large: it may have 4 MiB.");
    expect(reasonOf(error)).to.equal("REQUEST_TOO_LARGE");
  });

  it("get the agent's own error untouched", async () => {
    const error = await invoke(
      { authorization: authorization(), "smartcall-agent": "echo" },
      "fail 8 info",
    );
    if (!("code" in error)) throw new Error("the call was answered");
    expect(error.code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(error.details).to.equal('It is "full".');
    expect(reasonOf(error)).to.equal("FULL");
  });

  it("cannot say what only the mesh may say", async () => {
    await invoke({
      authorization: authorization(),
      "smartcall-agent": "echo",
      "smartcall-grant": "1000000",
      "smartcall-agents": "x",
      "x-envoy-original-path": "/v1/agents/gold:invoke",
      "x-envoy-upstream-rq-timeout-ms": "1",
      "x-request-id": "mine",
      "x-mine": "stays",
    });
    const seen = gateway.agent.seen.at(-1)?.getMap() ?? {};
    expect(seen).to.include({ "smartcall-agent": "echo", "x-mine": "stays" });
    expect(seen).to.not.have.any.keys(
      "smartcall-grant",
      "smartcall-agents",
      "x-envoy-original-path",
      "x-envoy-upstream-rq-timeout-ms",
    );
    expect(seen["x-request-id"]).to.be.a("string").and.not.equal("mine");
    expect(gateway.refused).to.deep.equal([]);
  });
});
