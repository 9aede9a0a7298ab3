import { expect } from "chai";
import { percentile } from "../harness/percentile.ts";
import { askOf, lengths } from "./lengths.ts";

describe("The lengths of calls in a load", () => {
  /** The same each time: a simple generator is even enough. */
  let state = 1;
  const chance = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const many = Array.from({ length: 4_000 }, () => lengths(chance));

  it("have the medians of the traces, and some are many times as long", () => {
    const prompts = many.map(({ prompt }) => prompt);
    const answers = many.map(({ answer }) => answer);
    expect(percentile(prompts, 0.5)).to.be.within(900, 1_150);
    expect(percentile(answers, 0.5)).to.be.within(115, 145);
    expect(percentile(prompts, 0.95)).to.be.within(4_000, 7_000);
    expect(percentile(answers, 0.95)).to.be.within(350, 500);
  });

  it("are whole numbers from 1 to their bound", () => {
    const edges = [() => 0, () => 0.999_999_999].map(lengths);
    for (const { prompt, answer } of [...many, ...edges]) {
      expect(Number.isInteger(prompt) && prompt >= 1 && prompt <= 16_000).to.equal(true);
      expect(Number.isInteger(answer) && answer >= 1 && answer <= 800).to.equal(true);
    }
  });

  it("make a history as long as was asked, in turns of user and assistant", () => {
    const { messages } = askOf({ prompt: 1_200, answer: 30 }, 20);
    expect(messages.map(({ role }) => role)).to.deep.equal(["user", "assistant", "user", "user"]);
    expect(messages.at(-1)?.content).to.equal("30 every 20");
    const characters = messages.slice(0, -1).reduce((sum, { content }) => sum + content.length, 0);
    expect(characters).to.equal(4_800);
  });
});
