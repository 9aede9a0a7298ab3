import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { beginScope } from "./call-scope.ts";
import { Cancelled, DeadlineExceeded } from "./errors.ts";
import { failureOf } from "./testing/failure.ts";

const never = new Promise<void>(() => undefined);

describe("the time of a call", () => {
  it("ends a wait at its deadline, and leaves no timer", async () => {
    const clock = createManualClock();
    const scope = beginScope({ timeoutMs: 100 }, clock);
    const waits = [failureOf(scope.within(never)), failureOf(scope.sleep(500))];
    clock.pass(60);
    expect(scope.leftMs()).to.equal(40);
    clock.pass(40);
    for (const wait of waits) expect(await wait).to.be.instanceOf(DeadlineExceeded);
    expect(scope.signal.aborted).to.equal(true);
    expect(scope.failure({ textSoFar: "x" })).to.include({
      status: 504,
      reason: "DEADLINE_EXCEEDED",
      textSoFar: "x",
      retryable: false,
    });
    expect(clock.waiting()).to.equal(0);
  });

  it("ends where its caller's signal says so, with the reason that it gives", async () => {
    const caller = new AbortController();
    const clock = createManualClock();
    const scope = beginScope({ signal: caller.signal, timeoutMs: 100 }, clock);
    const wait = failureOf(scope.sleep(50));
    const why = new Error("enough");
    caller.abort(why);
    const error = await wait;
    expect(error).to.be.instanceOf(Cancelled);
    expect(error.cause).to.equal(why);
    scope.end();
    expect(clock.waiting()).to.equal(0);
  });

  it("may be over before it begins", async () => {
    const scope = beginScope({ signal: AbortSignal.abort() }, createManualClock());
    expect(await failureOf(scope.within(Promise.resolve()))).to.be.instanceOf(Cancelled);
    expect(await failureOf(scope.sleep(5))).to.be.instanceOf(Cancelled);
  });

  it("does not end what is in time", async () => {
    const clock = createManualClock();
    const scope = beginScope({}, clock);
    expect(scope.leftMs()).to.equal(undefined);
    expect(scope.failure()).to.equal(undefined);
    expect(await scope.within(Promise.resolve(7))).to.equal(7);
    const failing = scope.within(Promise.reject(new RangeError("bad")));
    expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    const slept = scope.sleep(50);
    clock.pass(50);
    await slept;
  });
});
