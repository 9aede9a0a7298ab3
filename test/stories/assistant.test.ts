// The assistant: a real language model behind the real Envoy.
import { setMaxListeners } from "node:events";
import { expect } from "chai";
import { askStreamed, askWhole, fixed } from "../harness/assistant.ts";
import { type OpenStream, openEvents } from "../harness/events.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { expectInTime, strictly } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { loadTokenizer } from "../harness/tokenizer.ts";

const question = "What is the capital of France?";
const instruction = "You are a teacher who answers in one sentence.";
const longQuestion = "Tell me a very long story about a dragon and a knight.";

describe("the assistant", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });

  it("knows the capital of France, and says the same streamed and unstreamed", async () => {
    const whole = await askWhole(mesh, question);
    const streamed = await askStreamed(mesh, question);
    expect(whole.text).to.contain("Paris");
    expect(whole.finishReason).to.equal("stop");
    expect(streamed.pieces.length).to.be.greaterThan(3);
    const { pieces: _, ...answer } = streamed;
    expect(answer).to.deep.equal(whole);
  });

  it("answers another question otherwise", async () => {
    const paris = await askWhole(mesh, question);
    const other = await askWhole(mesh, "Name a colour of the rainbow.");
    expect(other.text).to.not.equal("");
    expect(other.text).to.not.equal(paris.text);
    expect(other.text).to.not.contain("Paris");
  });

  it("counts tokens as the model's own tokenizer does", async () => {
    const tokenizer = await loadTokenizer();
    try {
      const { text, inputTokens, outputTokens } = await askWhole(mesh, question, instruction);
      expect(inputTokens).to.equal(tokenizer.count(smolPrompt(instruction, question), true));
      expect(outputTokens).to.equal(tokenizer.count(text, false));
    } finally {
      await tokenizer.close();
    }
  });

  it("ends an answer at the length that was asked for", async () => {
    const token = await mesh.token();
    const body = asking(longQuestion, { ...fixed, maxTokens: 5 });
    const { json } = await callRest(mesh, { path: "/v1/agents/assistant:invoke", token, body });
    expect(textAt(json, "finishReason")).to.equal("length");
    expect(valueAt(json, "usage", "outputTokens")).to.equal(5);
  });

  it("stops computing for a caller that hangs up, and begins the next call at once", async () => {
    const first = await openLong(mesh);
    await firstDelta(first);
    const next = openLong(mesh, { maxTokens: 3 }).then(firstDelta);
    await pause(300);
    const hungUpAt = performance.now();
    first.hangUp();
    await next;
    expectInTime("until the next has its first word", performance.now() - hungUpAt, beginsWithinMs);
  });

  it("ends a call at its deadline", async () => {
    const token = await mesh.token();
    const begin = performance.now();
    const { status, json } = await callRest(mesh, {
      path: "/v1/agents/assistant:invoke",
      token,
      headers: { "x-request-timeout-ms": "500" },
      body: asking(longQuestion, { ...fixed, maxTokens: 2000 }),
    });
    expect(performance.now() - begin).to.be.within(300, strictly() ? 1_500 : 5_000);
    expect(status).to.equal(504);
    expect(textAt(json, "error", "status")).to.equal("DEADLINE_EXCEEDED");
  });

  it("turns away what does not fit its queue, and goes on", async () => {
    const token = await mesh.token();
    // Once this is answered, none of the calls before has a place any more.
    await askWhole(mesh, question);
    const held = new AbortController();
    setMaxListeners(100, held.signal);
    const body = asking(longQuestion, { ...fixed, maxTokens: 2000 });
    const call = { path: "/v1/agents/assistant:invoke", token, body, signal: held.signal };
    const calls = Array.from({ length: runningAndWaiting + 3 }, () => callRest(mesh, call));
    const refused: string[] = [];
    for (const one of calls) {
      one.then(
        ({ status, json }) => {
          const reasons = listAt(json, "error", "details").map((one) => textAt(one, "reason"));
          refused.push(`${status} ${textAt(json, "error", "status")} ${reasons.join("")}`);
        },
        () => undefined,
      );
    }
    try {
      await eventually(() => expect(refused).to.have.length(3));
      expect(new Set(refused)).to.deep.equal(new Set(["503 UNAVAILABLE AGENT_OVERLOADED"]));
    } finally {
      held.abort();
      await Promise.allSettled(calls);
    }
    expect((await askWhole(mesh, question)).text).to.contain("Paris");
  });
});

/** As `services/assistant` states it: one call runs, sixteen wait. */
const runningAndWaiting = 17;

/** The next call begins within 200 ms; its prompt is read and its first token written after. */
const beginsWithinMs = 1_000;

async function openLong(mesh: Mesh, more: object = { maxTokens: 2000 }): Promise<OpenStream> {
  return openEvents(mesh, {
    path: "/v1/agents/assistant:stream",
    token: await mesh.token(),
    body: asking(longQuestion, { ...fixed, ...more }),
  });
}

async function firstDelta(stream: OpenStream): Promise<void> {
  for await (const { event } of stream.events) {
    if (valueAt(event, "delta") !== undefined) return;
  }
  throw new Error("the stream ended without a piece of the answer");
}

/** What the chat template in the file of SmolLM2-135M-Instruct makes of the two messages. */
function smolPrompt(system: string, user: string): string {
  return [
    "<|im_start|>system",
    `${system}<|im_end|>`,
    "<|im_start|>user",
    `${user}<|im_end|>`,
    "<|im_start|>assistant",
    "",
  ].join("\n");
}
