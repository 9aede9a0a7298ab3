import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "@smartcall/runtime";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { readContract } from "./contract.ts";
import { createGateway } from "./gateway.ts";
import { startInside } from "./testing/inside.ts";
import type { ShownToken } from "./token.ts";
import { watchTokens } from "./watch-tokens.ts";

describe("the tokens of open sockets", () => {
  it("are each asked after, whatever becomes of the question after another, round by round", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smartcall-wt-"));
    const target = join(folder, "inside.sock");
    const inside = await startInside(target);
    const gateway = createGateway(`unix:${target}`, readContract());
    const clock = createManualClock();
    const lines: string[] = [];
    const log = createLog("test", "info", { write: (line) => lines.push(line) });
    let revoked = 0;
    const sessionOf = (value: string) => {
      const token: ShownToken = { header: "authorization", value };
      const revoke = (): void => {
        revoked += 1;
      };
      return { token, revoke };
    };
    // What gRPC cannot say: the question itself is a bug.
    const sessions = [
      sessionOf("Basic \u00e9"),
      sessionOf("Bearer mine"),
      sessionOf("Bearer mine"),
    ];
    const stop = watchTokens(() => sessions, gateway, { clock, everyMs: 1_000, log });
    try {
      inside.revoke("Bearer mine");
      for (const round of [1, 2]) {
        await clock.passSlowly(1_000);
        for (let tries = 0; tries < 400 && revoked < 2 * round; tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        expect(revoked).to.equal(2 * round);
        expect(lines.length).to.equal(round);
      }
    } finally {
      stop();
      gateway.close();
      inside.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(20_000);
});
