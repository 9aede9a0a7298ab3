import { expect } from "chai";
import { watchContent } from "./watch-content.ts";

describe("watching content", () => {
  it("looks by itself from time to time, where no events come", async () => {
    let content = "one";
    const told: string[] = [];
    const seen = await new Promise<readonly string[]>((resolve) => {
      const watching = watchContent<string>(
        {
          folders: async () => [],
          read: async () => content,
          keyOf: (value) => value,
          isDoubtful: () => false,
          onChange: (value) => {
            told.push(value);
            content = "two";
            if (told.length === 2) {
              void watching.close().then(() => resolve(told));
            }
          },
        },
        { quiet: 1, confirm: 1, look: 5 },
      );
    });
    expect(seen).to.deep.equal(["one", "two"]);
  });

  it("goes on where a folder cannot be watched", async () => {
    const told: string[] = [];
    const watching = watchContent<string>(
      {
        folders: async () => ["/nowhere/at/all"],
        read: async () => "here",
        keyOf: (value) => value,
        isDoubtful: () => true,
        onChange: (value) => told.push(value),
      },
      { quiet: 1, confirm: 1, look: 1 },
    );
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    await watching.close();
    expect(told).to.deep.equal(["here"]);
  });
});
