// Echo, called as any agent is in a test.

import { testAgent } from "@smartcall/agent-kit";
import { expect } from "chai";
import { echo } from "./echo.ts";

describe("echo", () => {
  const tested = testAgent(echo);

  it("answers with the last thing the user said, and counts no tokens", async () => {
    const answer = await tested.invoke({
      messages: [
        { role: "user", content: "one" },
        { role: "assistant", content: "one" },
        { role: "user", content: " two\n  three 🙂 " },
      ],
    });
    expect(answer.text).to.equal(" two\n  three 🙂 ");
    expect(answer.usage).to.deep.equal({ inputTokens: 0, outputTokens: 0 });
    expect(answer.finishReason).to.equal("stop");
  });

  it("streams word by word", async () => {
    const texts: string[] = [];
    for await (const event of tested.stream("good day to you")) {
      if (event.kind === "delta") texts.push(event.text);
    }
    expect(texts).to.deep.equal(["good ", "day ", "to ", "you"]);
  });
});
