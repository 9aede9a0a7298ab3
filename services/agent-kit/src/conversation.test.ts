// What a conversation keeps, and how much.

import { expect } from "chai";
import { agentError } from "./agent-error.ts";
import type { Ask } from "./call.ts";
import { createConversation } from "./conversation.ts";

const turn = (content: string): Ask => ({ messages: [{ role: "user", content }], stop: [] });
const done = {
  kind: "done",
  finishReason: "stop",
  usage: { inputTokens: 0, outputTokens: 0 },
} as const;

describe("what a conversation remembers", () => {
  it("refuses the turn for which it has no room, by messages", () => {
    const conversation = createConversation(3);
    conversation.ended(turn("a"), "b", done);
    expect(conversation.ask(turn("c")))
      .to.have.property("messages")
      .with.length(3);
    conversation.ended(turn("c"), "d", done);
    expect(conversation.ask(turn("e"))).to.include({ code: "RESOURCE_EXHAUSTED" });
  });

  it("refuses the turn for which it has no room, by text", () => {
    const conversation = createConversation(1000);
    for (let count = 0; count < 4; count++) {
      conversation.ended(turn(""), "x".repeat(1_000_000), done);
    }
    expect(conversation.ask(turn("y"))).to.include({ code: "RESOURCE_EXHAUSTED" });
  });

  it("leaves no trace of a turn that failed, or was cancelled before a word", () => {
    const conversation = createConversation(1000);
    conversation.ended(turn("a"), "half", { kind: "error", error: agentError("INTERNAL", "") });
    conversation.ended(turn("b"), "", { kind: "error", error: agentError("CANCELLED", "") });
    conversation.ended(agentError("INVALID_ARGUMENT", ""), "", done);
    expect(conversation.ask(turn("c"))).to.deep.equal(turn("c"));
  });
});
