// A value of a wrong type: refused in a plain sentence that names its field as the caller wrote it.

import { expect } from "chai";
import { detailOf, violationOf } from "../harness/error-details.ts";
import { numberAt, textAt } from "../harness/json.ts";
import { callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";

describe("The edge names the field", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  const invoke = (body: unknown): Promise<RestReply> =>
    callRest(gateway, { path: "/v1/agents/echo:invoke", token: gateway.token(), body });

  const part = (value: unknown): unknown => ({ messages: [{ role: "user", parts: [value] }] });
  const cases: readonly (readonly [body: unknown, field: string, description: string])[] = [
    [{ messages: [{ content: "a" }, { role: 5 }] }, "messages[1].role", "must be a string"],
    [{ temperature: 'a "hot" one\\' }, "temperature", "must be a number"],
    [{ maxTokens: "many" }, "maxTokens", "must be a whole number that fits 32 bits"],
    [{ max_tokens: 1.5 }, "maxTokens", "must be a whole number that fits 32 bits"],
    [
      part({ toolResult: { failed: "x" } }),
      "messages[0].parts[0].toolResult.failed",
      "must be true or false",
    ],
    [part({ image: { data: "***" } }), "messages[0].parts[0].image.data", "must be base64"],
    [
      part({ toolCall: { arguments: 5 } }),
      "messages[0].parts[0].toolCall.arguments",
      "must be an object",
    ],
    [{ messages: ["hi"] }, "messages[0]", "must be an object"],
    [{ messages: "hi" }, "messages", "must be a list"],
    [{ stop: 5 }, "stop", "must be a list"],
    [{ stop: [5] }, "stop[0]", "must be a string"],
    [{ stop: [{ a: 1 }] }, "stop", "must not hold objects"],
    [
      { messages: [{ role: "user", content: ["hi"] }] },
      "messages[0].content",
      "must not be a list",
    ],
    [
      { messages: [{ content: "a" }, { content: [{ type: "text", text: "hi" }] }] },
      "messages[1].content",
      "must not be a list",
    ],
    [{ temperature: [1] }, "temperature", "must not be a list"],
    ['{ "max_tokens" :\n[] }', "maxTokens", "must not be a list"],
    [
      part({ image: { media_type: ["a"] } }),
      "messages[0].parts[0].image.mediaType",
      "must not be a list",
    ],
    [{ messages: [{ content: { text: "x" } }] }, "messages[0].content", "must not be an object"],
    [{ temperature: {} }, "temperature", "must not be an object"],
    [{ topP: { a: 1 } }, "topP", "must not be an object"],
    [
      part({ text: "a", image: {} }),
      "messages[0].parts[0].image",
      "must not stand beside another of its kind",
    ],
    ['{"temperature":1,"temperature":2}', "temperature", "must be given once"],
  ];
  for (const [body, field, description] of cases) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    it(`${field} of ${JSON.stringify(text)}, and says that it ${description}`, async () => {
      const reply = await invoke(text);
      expectInvalid(reply);
      expect(violationOf(reply)).to.deep.equal({ field, description });
      expect(textAt(reply.json, "error", "message")).to.equal(`${field} ${description}`);
    });
  }

  it("around a list where none may be, if more than one has one", async () => {
    const reply = await invoke({ tools: [1], messages: [{ content: ["a"] }] });
    expectInvalid(reply);
    const description = "has a list where one value belongs";
    expect(violationOf(reply)).to.deep.equal({ field: "messages[0]", description });
  });

  it("around a list where none may be, if the body is too large to be searched", async () => {
    const reply = await invoke({ messages: [{ content: ["a".repeat(70_000)] }] });
    expectInvalid(reply);
    expect(violationOf(reply)).to.include({ field: "messages[0]" });
  });

  it("of none, if the body is no object", async () => {
    for (const body of ["[1]", "5", '"a"', "null"]) {
      const reply = await invoke(body);
      expectInvalid(reply);
      expect(textAt(reply.json, "error", "message")).to.equal("the request must be a JSON object");
    }
  });

  it("of none, if a value is taken as what it must have meant", async () => {
    const messages = [{ role: "user", content: "hello" }];
    for (const body of [
      { messages, stop: [["a"]] },
      { messages, stop: "a" },
      { messages: messages[0] },
      { messages, temprature: 5 },
      { messages, temperature: null, maxTokens: "5" },
    ]) {
      const reply = await invoke(body);
      expect(reply.status, reply.text).to.equal(200);
      expect(textAt(reply.json, "message", "content")).to.equal("hello");
    }
  });
});

function expectInvalid(reply: RestReply): void {
  expect(reply.status, reply.text).to.equal(400);
  expect(numberAt(reply.json, "error", "code")).to.equal(400);
  expect(textAt(reply.json, "error", "status")).to.equal("INVALID_ARGUMENT");
  const info = detailOf(reply, "ErrorInfo");
  expect(textAt(info, "reason")).to.equal("INVALID_REQUEST");
  expect(textAt(info, "metadata", "requestId")).to.equal(reply.headers["x-request-id"]);
}
