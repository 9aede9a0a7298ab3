// What the contract asks of a request, and what a good one becomes.

import { agentPb, largestRequest, mostViolations, structPb } from "@smartcall/protos";
import { expect } from "chai";
import { AgentError } from "./agent-error.ts";
import type { Routed } from "./host.ts";
import { createRequestReader } from "./read-request.ts";
import { userSays } from "./testing/ask-wire.ts";
import { badRequests } from "./testing/bad-requests.ts";

describe("reading a request", () => {
  const reader = createRequestReader();
  const read = (request: agentPb.InvokeRequest, routed?: Routed) =>
    reader.readInvoke(request.serializeBinary(), routed);
  const refused = (said: unknown): AgentError => {
    if (said instanceof AgentError) return said;
    throw new Error("it was not refused");
  };

  for (const { name, request, violations } of badRequests) {
    it(`refuses ${name}`, () => {
      const { code, message, details } = refused(read(request));
      expect(code).to.equal("INVALID_ARGUMENT");
      expect(details.violations).to.deep.equal(violations);
      const [{ path, problem } = { path: "", problem: "" }] = violations;
      expect(message).to.equal(`${path} ${problem}`);
    });
  }

  it("tells all that is wrong at once, and never what was sent", () => {
    const request = userSays("");
    request.setTemperature(-1);
    request.setModel("secret\u0000");
    const { message, details } = refused(read(request));
    expect(details.violations?.map(({ path }) => path)).to.deep.equal([
      "messages[0]",
      "temperature",
      "model",
    ]);
    expect(message).to.equal("messages[0] must have exactly one of content, parts (and 2 more)");
    expect(JSON.stringify(details)).not.to.include("secret");
  });

  it("stops counting at the bound", () => {
    const request = new agentPb.InvokeRequest();
    for (let index = 0; index < 500; index++) request.addMessages(new agentPb.Message());
    expect(refused(read(request)).details.violations).to.have.length(mostViolations);
  });

  it("refuses bytes that are no message", () => {
    const { code, message } = refused(reader.readInvoke(new Uint8Array([0x0a, 0xff, 0x01])));
    expect(code).to.equal("INVALID_ARGUMENT");
    expect(message).to.include("not readable");
  });

  it("refuses what is too large, a turn of a conversation too, without looking into it", () => {
    const large = new Uint8Array(largestRequest + 1);
    for (const said of [reader.readInvoke(large), reader.readConverse(large)]) {
      const { code, message, details } = refused(said);
      expect([code, details.reason]).to.deep.equal(["INVALID_ARGUMENT", "REQUEST_TOO_LARGE"]);
      expect(message).to.equal("the request is too large: it may have 4 MiB");
    }
    const few = refused(reader.readConverse(new Uint8Array(2049), { largest: 2048 }));
    expect(few.message).to.equal("the request is too large: it may have 2 KiB");
    const most = new Uint8Array(largestRequest);
    expect(refused(reader.readInvoke(most)).details.reason).to.equal("INVALID_REQUEST");
  });

  it("refuses a body that names another agent than the route", () => {
    const request = userSays("hello");
    request.setAgent("poet");
    expect(refused(read(request, { agent: "echo" })).details.violations?.[0]?.path).to.equal(
      "agent",
    );
    expect(read(request, { agent: "poet" })).not.to.be.instanceOf(AgentError);
    expect(read(request)).not.to.be.instanceOf(AgentError);
  });

  it("leaves settings that were not given absent, and keeps those given as 0", () => {
    expect(read(userSays("hello"))).to.deep.equal({
      messages: [{ role: "user", content: "hello" }],
      stop: [],
    });
    const request = userSays("hello");
    request.setTemperature(0);
    request.setTopP(0);
    request.setSeed(0);
    request.setMaxTokens(1);
    request.setModel("big");
    request.addStop("\n");
    expect(read(request)).to.deep.include({
      temperature: 0,
      topP: 0,
      seed: 0,
      maxTokens: 1,
      model: "big",
      stop: ["\n"],
    });
  });

  it("turns every kind of part into a plain value", () => {
    const text = new agentPb.Part();
    text.setText("look");
    const image = new agentPb.Part();
    const source = new agentPb.Image();
    source.setData(new Uint8Array([1, 2]));
    source.setMediaType("image/png");
    image.setImage(source);
    const call = new agentPb.Part();
    const toolCall = new agentPb.ToolCall();
    toolCall.setId("7");
    toolCall.setName("add");
    toolCall.setArguments(structPb.Struct.fromJavaScript({ a: [1, { b: null }] }));
    call.setToolCall(toolCall);
    const result = new agentPb.Part();
    const toolResult = new agentPb.ToolResult();
    toolResult.setId("7");
    toolResult.setFailed(true);
    result.setToolResult(toolResult);
    const message = new agentPb.Message();
    message.setRole("tool");
    message.setPartsList([text, image, call, result]);
    const request = new agentPb.InvokeRequest();
    request.addMessages(message);
    expect(read(request)).to.deep.equal({
      messages: [
        {
          role: "tool",
          content: "",
          parts: [
            { kind: "text", text: "look" },
            {
              kind: "image",
              source: { kind: "data", data: new Uint8Array([1, 2]) },
              mediaType: "image/png",
            },
            { kind: "toolCall", id: "7", name: "add", arguments: { a: [1, { b: null }] } },
            { kind: "toolResult", id: "7", content: "", failed: true },
          ],
        },
      ],
      stop: [],
    });
  });

  it("reads turns and cancels, and names what is wrong within a turn", () => {
    const turn = new agentPb.ConverseRequest();
    turn.setTurn(userSays("hello"));
    expect(reader.readConverse(turn.serializeBinary())).to.have.property("kind", "turn");
    const cancel = new agentPb.ConverseRequest();
    cancel.setCancel(new agentPb.CancelTurn());
    expect(reader.readConverse(cancel.serializeBinary())).to.deep.equal({ kind: "cancel" });
    const neither = refused(reader.readConverse(new Uint8Array()));
    expect(neither.message).to.equal("the request must have exactly one of turn, cancel");
    turn.setTurn(userSays(""));
    const bad = refused(reader.readConverse(turn.serializeBinary()));
    expect(bad.details.violations?.[0]?.path).to.equal("turn.messages[0]");
  });

  it("knows how many messages a request may hold", () => {
    expect(reader.mostMessages).to.equal(1000);
  });
});
