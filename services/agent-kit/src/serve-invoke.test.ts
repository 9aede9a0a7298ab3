// Invoke over real gRPC, and what is read of every request.

import { status } from "@grpc/grpc-js";
import { agentPb, statusPb } from "@smartcall/protos";
import { expect } from "chai";
import type { Agent } from "./agent.ts";
import type { Call } from "./call.ts";
import { delta, finish, type Piece, usage } from "./pieces.ts";
import { fromRpcStatus } from "./read-status.ts";
import { invoke, metadataOf, readAll, userSays } from "./testing/ask-wire.ts";
import { badRequests } from "./testing/bad-requests.ts";
import { type ServedAgent, serveForTest } from "./testing/served-agent.ts";

describe("Invoke", function () {
  this.timeout(10_000);
  let served: ServedAgent;
  const serve = async (stream: (call: Call) => AsyncIterable<Piece>, more: Partial<Agent> = {}) => {
    served = await serveForTest({ name: "poet", stream, ...more });
    return served;
  };
  afterEach(() => served.close());

  it("collects an answer for Invoke", async () => {
    const before = Date.now();
    const { client, logged } = await serve(async function* (call) {
      yield delta(`${call.self}: `);
      yield delta(call.lastUserText);
      yield usage({ inputTokens: 2, outputTokens: 3 });
      yield finish("length");
    });
    const response = await invoke(client, userSays("good day"));
    if (response instanceof Error) throw response;
    expect(response.getMessage()?.toObject()).to.include({
      role: "assistant",
      content: "poet: good day",
    });
    expect(response.getFinishReason()).to.equal("length");
    expect(response.getUsage()?.toObject()).to.deep.equal({ inputTokens: 2, outputTokens: 3 });
    const beganAt = response.getCreateTime()?.toDate().getTime() ?? 0;
    expect(beganAt).to.be.within(before, Date.now());
    expect(logged.saying("call ended")[0]).to.include({ callId: response.getId(), code: "OK" });
  });

  it("has usage also where the agent gave none", async () => {
    const { client } = await serve(async function* () {
      yield delta("");
    });
    const response = await invoke(client, userSays("hello"));
    if (response instanceof Error) throw response;
    expect(response.getUsage()?.hasInputTokens()).to.equal(true);
    expect(response.getUsage()?.getOutputTokens()).to.equal(0);
  });

  it("takes the request's ids from metadata into the log", async () => {
    const { client, logged } = await serve(async function* (call) {
      call.log.info("thinking");
      yield delta("");
    });
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    await invoke(
      client,
      userSays("hello"),
      metadataOf({ "x-request-id": "r-1", traceparent: `00-${traceId}-b7ad6b7169203331-01` }),
    );
    expect(logged.saying("thinking")[0]).to.include({ requestId: "r-1", traceId });
  });

  for (const { name, request, violations } of badRequests) {
    it(`refuses ${name} on Invoke and Stream, before the agent's code runs`, async () => {
      let ran = false;
      const { client } = await serve(async function* () {
        ran = true;
        yield delta("");
      });
      const answered = await invoke(client, request);
      if (!(answered instanceof Error)) throw new Error("it was answered");
      expect(answered.code).to.equal(status.INVALID_ARGUMENT);
      const [bytes] = answered.metadata.get("grpc-status-details-bin");
      if (!(bytes instanceof Buffer)) throw new Error("it has no details");
      const { details } = fromRpcStatus(statusPb.Status.deserializeBinary(bytes));
      expect(details.violations).to.deep.equal(violations);
      expect(await readAll(client.stream(request))).to.deep.equal(["status INVALID_ARGUMENT"]);
      expect(ran).to.equal(false);
    });
  }

  it("refuses an agent in the body that is not the one routed to", async () => {
    const { client } = await serve(async function* () {
      yield delta("");
    });
    const request = userSays("hello");
    request.setAgent("writer");
    const refused = await invoke(client, request, metadataOf({ "smartcall-agent": "poet" }));
    expect(refused).to.be.instanceOf(Error).and.to.have.property("code", status.INVALID_ARGUMENT);
    const taken = await invoke(client, request, metadataOf({ "smartcall-agent": "writer" }));
    expect(taken).to.be.instanceOf(agentPb.InvokeResponse);
  });

  it("refuses a model in the body that the call was not routed by", async () => {
    const { client } = await serve(async function* () {
      yield delta("");
    });
    const request = userSays("hello");
    request.setModel("large");
    for (const model of ["small", ""]) {
      const refused = await invoke(client, request, metadataOf({ "smartcall-model": model }));
      expect(refused).to.be.instanceOf(Error).and.to.have.property("code", status.INVALID_ARGUMENT);
    }
    const taken = await invoke(client, request, metadataOf({ "smartcall-model": "large" }));
    expect(taken).to.be.instanceOf(agentPb.InvokeResponse);
    expect(await invoke(client, request)).to.be.instanceOf(agentPb.InvokeResponse);
  });

  it("takes a request of almost 4 MiB, and refuses a larger one in the mesh's words", async () => {
    const { client } = await serve(async function* (call) {
      yield delta(String(call.messages.length));
    });
    const request = userSays("x".repeat(1_000_000));
    const [message] = request.getMessagesList();
    for (let count = 1; count < 4; count++) request.addMessages(message?.clone());
    const response = await invoke(client, request);
    if (response instanceof Error) throw response;
    expect(response.getMessage()?.getContent()).to.equal("4");
    request.addMessages(message?.clone());
    const refused = await invoke(client, request);
    expect(refused).to.have.property("code", status.INVALID_ARGUMENT);
    expect(refused).to.have.property("details", "the request is too large: it may have 4 MiB");
  });
});
