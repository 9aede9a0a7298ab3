// The assistant as its callers meet it: through the kit, with the real model.

import { type Agent, AgentError, type TestedAgent, testAgent } from "@smartcall/agent-kit";
import { expect } from "chai";
import { createAssistant } from "./assistant.ts";

describe("the assistant", function () {
  this.timeout(30_000);
  const begun: number[] = [];
  let tested: TestedAgent;

  before(() => {
    const agent = createAssistant();
    const watched: Agent = {
      ...agent,
      stream(call) {
        begun.push(performance.now());
        return agent.stream(call);
      },
    };
    tested = testAgent(watched);
  });
  after(() => tested.close());

  it("answers whole, with the tokens that it read and wrote", async () => {
    const { text, finishReason, usage } = await tested.invoke(france);
    expect({ text, finishReason, usage }).to.deep.equal({
      text: "The capital of France is Paris.",
      finishReason: "stop",
      usage: { inputTokens: 33, outputTokens: 7 },
    });
  });

  it("answers as it thinks, the same text, a token at a time", async () => {
    const texts: string[] = [];
    const lasts: unknown[] = [];
    for await (const event of tested.stream(france)) {
      if (event.kind === "delta") texts.push(event.text);
      else lasts.push(event);
    }
    expect(texts).to.deep.equal(["The", " capital", " of", " France", " is", " Paris", "."]);
    expect(lasts).to.deep.equal([
      { kind: "done", finishReason: "stop", usage: { inputTokens: 33, outputTokens: 7 } },
    ]);
  });

  it("says `length` where it ends at the most tokens asked for", async () => {
    const { text, finishReason, usage } = await tested.invoke({ ...france, maxTokens: 2 });
    expect({ text, finishReason }).to.deep.equal({ text: "The capital", finishReason: "length" });
    expect(usage.outputTokens).to.equal(2);
  });

  it("uses no token more than the caller's budget grants", async () => {
    const { text, finishReason, usage } = await tested.invoke(france, { grant: 35 });
    expect({ text, finishReason }).to.deep.equal({ text: "The capital", finishReason: "budget" });
    expect(usage).to.deep.equal({ inputTokens: 33, outputTokens: 2 });
    const exact = await tested.invoke({ ...france, stop: [" is"] }, { grant: 38 });
    expect(exact.finishReason).to.equal("stop");
  });

  it("refuses before it reads what leaves no token for an answer", async () => {
    let refused: unknown;
    await tested.invoke(france, { grant: 33 }).catch((error: unknown) => {
      refused = error;
    });
    if (!(refused instanceof AgentError)) throw new Error("was answered");
    expect(refused.code).to.equal("RESOURCE_EXHAUSTED");
    expect(refused.message).to.equal(
      "the answer needs at least 34 tokens, and the budget leaves 33 for this call",
    );
    expect(refused.details.reason).to.equal("BUDGET_SPENT");
  });

  it("honours the caller's stop texts", async () => {
    const { text, finishReason } = await tested.invoke({ ...france, stop: [" is"] });
    expect({ text, finishReason }).to.deep.equal({
      text: "The capital of France",
      finishReason: "stop",
    });
  });

  it("reads the text parts of a message as one text", async () => {
    const parts = [
      { kind: "text", text: "What is the capital " },
      { kind: "text", text: "of France?" },
    ] as const;
    const { usage } = await tested.invoke({
      ...france,
      messages: [{ role: "user", content: "", parts }],
    });
    expect(usage.inputTokens).to.equal(33);
  });

  it("refuses each part that is no text by its path, and roles it has no words for", async () => {
    const source = { kind: "url", url: "https://example.com/a.png" } as const;
    const error = await failure(
      tested.invoke({
        messages: [
          { role: "user", content: "Look:" },
          {
            role: "user",
            content: "",
            parts: [
              { kind: "text", text: "What is it?" },
              { kind: "image", source, mediaType: "image/png" },
            ],
          },
          { role: "tool", content: "sunny" },
        ],
      }),
    );
    expect(error.code).to.equal("INVALID_ARGUMENT");
    expect(error.details.violations?.map(({ path }) => path)).to.deep.equal([
      "messages[1].parts[1]",
      "messages[2].role",
    ]);
  });

  it("refuses a conversation that is too long for the model, with both counts", async () => {
    const error = await failure(tested.invoke("word ".repeat(5000)));
    expect(error.code).to.equal("INVALID_ARGUMENT");
    expect(error.details.violations?.map(({ path }) => path)).to.deep.equal(["messages"]);
    expect(error.message).to.match(/^messages: 50\d\d tokens .* at most 4095$/);
  });

  it("ends at its deadline", async () => {
    const error = await failure(tested.invoke(endless, { deadlineMs: 300 }));
    expect(error.code).to.equal("DEADLINE_EXCEEDED");
  });

  it("begins the next call as soon as the one before has left", async () => {
    const leaver = new AbortController();
    const leaving = tested.stream(endless, { signal: leaver.signal });
    await leaving.next();
    const ended = failure(readOn(leaving));
    const next = tested.invoke({ ...france, maxTokens: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = begun.length;
    leaver.abort();
    const left = performance.now();
    expect((await next).text).to.equal("The");
    expect((await ended).code).to.equal("CANCELLED");
    expect(begun).to.have.lengthOf(before + 1);
    expect(Number(begun.at(-1)) - left).to.be.within(0, 2_000);
  });

  it("lets 16 calls wait, and turns the next away", async () => {
    const leavers = Array.from({ length: 17 }, () => new AbortController());
    const [running, ...waiting] = leavers.map(({ signal }) => tested.stream(endless, { signal }));
    if (running === undefined) throw new Error("none runs");
    await running.next();
    const ended = [running, ...waiting].map((events) => failure(readOn(events)));
    const { code, details } = await failure(tested.invoke(france));
    expect(code).to.equal("UNAVAILABLE");
    expect(details.reason).to.equal("AGENT_OVERLOADED");
    for (const leaver of leavers) leaver.abort();
    const codes = (await Promise.all(ended)).map((error) => error.code);
    expect(codes).to.deep.equal(Array(17).fill("CANCELLED"));
    expect((await tested.invoke(france)).text).to.include("Paris");
  });
});

describe("an assistant whose model is broken", function () {
  this.timeout(30_000);
  it("says which file it is, and what to do", async () => {
    const tested = testAgent(createAssistant(import.meta.filename));
    const thrown = await tested.invoke("Hi").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).to.be.instanceOf(Error);
    expect(thrown)
      .to.have.property("message")
      .that.includes(import.meta.filename)
      .and.includes("SMARTCALL_MODEL");
  });
});

const france = {
  messages: [{ role: "user", content: "What is the capital of France?" }],
  stop: [],
  temperature: 0,
  seed: 1,
} as const;

const endless = {
  messages: [{ role: "user", content: "Tell me a very long story." }],
  stop: [],
  maxTokens: 500,
} as const;

async function failure(call: Promise<unknown>): Promise<AgentError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof AgentError) return error;
    throw error;
  }
  throw new Error("the call did not fail");
}

async function readOn(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}
