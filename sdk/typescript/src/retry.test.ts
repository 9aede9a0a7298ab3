import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { beginScope } from "./call-scope.ts";
import { Cancelled, errorOf } from "./errors.ts";
import { retrying, type Tried, waitBefore } from "./retry.ts";
import { failureOf } from "./testing/failure.ts";

const busy = (retryAfter?: number) =>
  errorOf("busy", { status: 503, reason: "AGENT_OVERLOADED", retryable: true, retryAfter });

/** Tries a call that fails so many times first. */
function tries(
  failures: number,
  options: { retryAfter?: number; timeoutMs?: number; signal?: AbortSignal; again?: boolean } = {},
) {
  const { again = true, retryAfter, ...bounds } = options;
  const clock = createManualClock();
  const scope = beginScope(bounds, clock);
  const at: number[] = [];
  const attempt = (): Promise<Tried<string>> => {
    at.push(clock.now());
    const error = busy(retryAfter);
    return Promise.resolve(
      at.length > failures ? { ok: true, value: "yes" } : { ok: false, error, again },
    );
  };
  const result = retrying(attempt, { retries: 2, scope, random: () => 1 });
  result.catch(() => undefined);
  return { clock, at, result };
}

/** Lets time pass in steps, so that what waits goes on in between. */
async function pass(clock: ReturnType<typeof createManualClock>, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.pass(100);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

describe("a call that failed for a moment", () => {
  it("is made again after as long as was said, and a little more", async () => {
    const { at, clock, result } = tries(1, { retryAfter: 1_000 });
    await pass(clock, 1_200);
    expect(await result).to.equal("yes");
    expect(at).to.deep.equal([0, 1_100]);
  });

  it("is made three times at most", async () => {
    const { at, clock, result } = tries(9, { retryAfter: 1_000 });
    await pass(clock, 9_000);
    expect(await failureOf(result)).to.have.property("reason", "AGENT_OVERLOADED");
    expect(at).to.have.length(3);
  });

  it("is made once where trying again may do harm", async () => {
    const { at, result } = tries(1, { again: false });
    await failureOf(result);
    expect(at).to.deep.equal([0]);
  });

  it("is given up at once where the wait would outlast it, or a minute", async () => {
    for (const { at, result } of [
      tries(1, { retryAfter: 1_000, timeoutMs: 1_050 }),
      tries(1, { retryAfter: 60_000 }),
    ]) {
      expect(await failureOf(result)).to.have.property("reason", "AGENT_OVERLOADED");
      expect(at).to.deep.equal([0]);
    }
  });

  it("can be cancelled while it waits", async () => {
    const caller = new AbortController();
    const { at, result } = tries(1, { retryAfter: 1_000, signal: caller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    caller.abort();
    expect(await failureOf(result)).to.be.instanceOf(Cancelled);
    expect(at).to.deep.equal([0]);
  });

  it("waits twice as long each time where nothing was said, by chance less", () => {
    const longest = [0, 1, 2, 3, 4, 5, 9].map((tried) => waitBefore(tried, undefined, 1));
    expect(longest).to.deep.equal([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    expect(waitBefore(3, undefined, 0)).to.equal(0);
    expect(waitBefore(9, 100, 0)).to.equal(100);
  });
});
