// The planner, with other agents played by the test.

import { setTimeout as sleep } from "node:timers/promises";
import {
  AgentError,
  agentError,
  type Call,
  delta,
  type Piece,
  type StandIn,
  testAgent,
} from "@smartcall/agent-kit";
import { expect } from "chai";
import { createPlanner } from "./planner.ts";

describe("the planner", function () {
  this.timeout(10_000);
  const planner = (agents: Readonly<Record<string, StandIn>>) =>
    testAgent(createPlanner(), { agents });

  it("lets the assistant split a task, asks its questions at once, and sums up", async () => {
    let running = 0;
    let most = 0;
    const tested = planner({
      async *assistant(call) {
        const said = call.lastUserText;
        if (isSplit(call)) yield delta("1. Why?\n2. **How?**\nThat is all.");
        else if (isSum(call)) yield delta(`[${said}]`);
        else {
          running += 1;
          most = Math.max(most, running);
          await sleep(said.endsWith("Why?") ? 100 : 20);
          running -= 1;
          yield delta(said.replace("Explain rain\n\n", "asked: "));
        }
      },
    });
    const { text, usage } = await tested.invoke("Explain rain");
    expect(text).to.equal(
      [
        "Asking assistant what to find out …",
        "Asking 2 at once:",
        "  1. assistant: Why?",
        "  2. assistant: How?",
        "",
        "Answer to 2: asked: How?",
        "Answer to 1: asked: Why?",
        "",
        "Together:",
        "[Why? asked: Why?\n\nHow? asked: How?\n\nExplain rain]",
      ].join("\n"),
    );
    expect(most).to.equal(2);
    expect(usage).to.deep.equal({ inputTokens: 0, outputTokens: 0 });
  });

  it("streams its progress, and the answer as it comes", async () => {
    const gate = new AbortController();
    const tested = planner({
      async *assistant(call) {
        if (isSplit(call)) yield delta("Why?\nHow do you do");
        else if (isSum(call)) {
          yield delta("one ");
          await sleep(5_000, undefined, { signal: gate.signal }).catch(() => undefined);
          yield delta("two");
        } else yield delta("So.");
      },
    });
    const texts: string[] = [];
    for await (const event of tested.stream("Explain rain")) {
      if (event.kind === "delta") texts.push(event.text);
      if (texts.at(-1) === "one ") gate.abort();
    }
    expect(texts).to.deep.equal([
      "Asking assistant what to find out …\n",
      "Asking 2 at once:\n  1. assistant: Why?\n  2. assistant: How do you do?\n\n",
      "Answer to 1: So.\n",
      "Answer to 2: So.\n",
      "\nTogether:\n",
      "one ",
      "two",
    ]);
  });

  it("asks the task itself where a model proposes nothing", async () => {
    for (const nonsense of ["", "???", "I am a model.", `${"long ".repeat(99)}?`]) {
      const asked: string[] = [];
      const tested = planner({
        async *assistant(call) {
          if (isSplit(call)) yield delta(nonsense);
          else {
            asked.push(call.lastUserText);
            yield delta("ok");
          }
        },
      });
      const { text } = await tested.invoke("Explain rain");
      expect(asked, nonsense).to.deep.equal(["Explain rain"]);
      expect(text).to.match(/\nAsking:\n {2}1\. assistant: Explain rain\n\nok$/);
    }
  });

  it("takes three questions of however many a model proposes, and each once", async () => {
    const asked: string[] = [];
    const tested = planner({
      async *assistant(call) {
        if (isSplit(call)) yield delta("- A b? C d?\na b?\n(3) E f?\n".repeat(40));
        else asked.push(call.lastUserText);
        yield delta(" ");
      },
    });
    await tested.invoke("Explain rain");
    expect(asked.slice(0, -1)).to.deep.equal([
      "Explain rain\n\na b?",
      "Explain rain\n\nC d?",
      "Explain rain\n\nE f?",
    ]);
  });

  it("follows a plan that the caller wrote, and says which part is missing, and why", async () => {
    const tested = planner({
      echo: "said",
      busy: () => failing(busy),
      assistant: "All of it.",
    });
    const { text } = await tested.invoke("echo: Hello\nbusy: Hello\nabsent: Hello\necho: Bye");
    expect(text).to.include("  2. busy: Hello\n");
    expect(text).to.include("Answer to 1: said\n");
    expect(text).to.include("No answer to 2: busy is full (AGENT_OVERLOADED)\n");
    expect(text).to.match(/No answer to 3: .*"absent".*\(AGENT_NOT_CALLABLE\)\n/);
    expect(text).to.match(/\nWithout 2 and 3:\nAll of it\.$/);
  });

  it("names the budget of a part for which it has not enough left", async () => {
    const spent = agentError(
      "RESOURCE_EXHAUSTED",
      "The budget has not enough left for this call.",
      {
        reason: "BUDGET_SPENT",
        metadata: { rule: "team" },
      },
    );
    const tested = planner({ echo: "said", busy: () => failing(spent), assistant: "x" });
    const { text } = await tested.invoke("busy: Hello\necho: Hello");
    expect(text).to.include(
      "No answer to 1: The budget has not enough left for this call (BUDGET_SPENT: team)\n",
    );
    const alone = await failureOf(
      planner({ busy: () => failing(spent) }).invoke("busy: a\nbusy: b"),
    );
    expect(alone.details).to.deep.include({ reason: "BUDGET_SPENT" });
    expect(alone.details.metadata).to.include({ rule: "team" });
  });

  it("takes its caller's settings along, and its length for the answer alone", async () => {
    const asked: unknown[] = [];
    const tested = planner({
      async *assistant({ temperature, seed, maxTokens }) {
        asked.push([temperature, seed, maxTokens]);
        yield delta("Why?\nHow?");
      },
    });
    const messages = [{ role: "user", content: "Explain rain" }] as const;
    await tested.invoke({ messages, temperature: 0, seed: 7, maxTokens: 33 });
    expect(asked).to.deep.equal([
      [0, 7, 90],
      [0, 7, 80],
      [0, 7, 80],
      [0, 7, 33],
    ]);
  });

  it("gives the only answer that came as it is", async () => {
    const { text } = await planner({ echo: "said", assistant: "x" }).invoke("echo: a\nabsent: b");
    expect(text).to.match(/\nWithout 2:\nsaid$/);
  });

  it("fails with the first one's reason where no part was answered", async () => {
    const tested = planner({
      busy: () => failing(busy),
    });
    const failure = await failureOf(tested.invoke("busy: Hello\nabsent: Hello"));
    expect(failure).to.include({ code: "RESOURCE_EXHAUSTED" });
    expect(failure.message).to.match(/^No question was answered: busy is full\. the test plays no/);
    expect(failure.details).to.include({ reason: "AGENT_OVERLOADED", retryAfterMs: 700 });
  });

  it("gives the answers as they are where nobody sums them up", async () => {
    const { text } = await planner({ echo: "said" }).invoke("echo: one\necho: two");
    expect(text).to.include("\nTogether:\n1. said\n2. said\n\nNobody summed this up: ");
  });

  it("fails where the summing up breaks off: half an answer is none", async () => {
    const tested = planner({
      echo: "said",
      async *assistant() {
        yield delta("Half");
        throw agentError("UNAVAILABLE", "gone");
      },
    });
    expect(await failureOf(tested.invoke("echo: one\necho: two"))).to.include({
      code: "UNAVAILABLE",
      message: "gone",
    });
  });

  it("passes on why the task could not be split", async () => {
    const failure = await failureOf(planner({}).invoke("Explain rain"));
    expect(failure.details).to.include({ reason: "AGENT_NOT_CALLABLE" });
  });

  it("goes on without a part that is too slow, in the time that is left", async () => {
    const tested = planner({
      echo: "said",
      async *slow(call) {
        await sleep(60_000, undefined, { signal: call.signal }).catch(() => undefined);
      },
      assistant: "In time.",
    });
    const plan = "echo: one\nslow: two\necho: three";
    const { text } = await tested.invoke(plan, { deadlineMs: 1_500 });
    expect(text).to.match(/No answer to 2: .*\(DEADLINE_EXCEEDED\)\n/);
    expect(text).to.match(/\nWithout 2:\nIn time\.$/);
  });

  it("refuses a plan that is too long, and a task without text", async () => {
    const long = await failureOf(planner({}).invoke("echo: x\n".repeat(5)));
    expect(long).to.include({ code: "INVALID_ARGUMENT" });
    expect(long.message).to.equal("The plan has 5 questions: take at most 4.");
    expect(await failureOf(planner({}).invoke(" "))).to.include({ code: "INVALID_ARGUMENT" });
  });
});

function isSplit({ lastUserText }: Call): boolean {
  return lastUserText.startsWith("List three short questions");
}

function isSum({ lastUserText }: Call): boolean {
  return /\n\n(Explain rain|Say in short what is said above\.)$/.test(lastUserText);
}

const busy = agentError("RESOURCE_EXHAUSTED", "busy is full.", {
  reason: "AGENT_OVERLOADED",
  retryAfterMs: 700,
});

function failing(error: Error): AsyncIterable<Piece> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

async function failureOf(answer: Promise<unknown>): Promise<AgentError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof AgentError) return error;
    throw error;
  }
  throw new Error("it was answered");
}
