// A hundred thousand frames and messages that no client sends.
import { survives } from "./survives.ts";

describe("the control plane, for minutes", () => {
  it("serves others while it is sent what makes no sense, keeps nothing of it, and logs no secret", async () => {
    await survives(100_000, 50, Math.floor(Math.random() * 1e9));
  });
});
