// A short attack by frames and messages that no client sends; the long one takes minutes.
import { survives } from "./survives.ts";

describe("the control plane", () => {
  it("serves others while it is sent what makes no sense, keeps nothing of it, and logs no secret", async function () {
    this.timeout(120_000);
    await survives(2_000, 4, Math.floor(Math.random() * 1e9));
  });
});
