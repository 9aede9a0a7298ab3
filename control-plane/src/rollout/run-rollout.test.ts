import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { emptySnapshot, type Snapshot } from "../snapshot/index.ts";
import { answerMs, answerMsPerMiB, type Said } from "./rollout.ts";
import { runRollouts } from "./run-rollout.ts";

/** A version of so many bytes. */
interface Sized {
  readonly mebibytes: number;
}

/** Rollouts to one gateway that says nothing, where working out a snapshot takes 8 seconds. */
function rollouts() {
  const clock = createManualClock();
  const said: Said<Sized>[] = [];
  let deferred: (() => void)[] = [];
  let generation = 0;
  let answered = true;
  const running = runRollouts<Sized>(
    {
      xds: {
        publish: () => {
          generation += 1;
          return { ok: true, generation };
        },
        progress: () => [{ node: "a", generation, answered, refused: [] }],
        forgive: () => undefined,
      },
      clock,
      snapshotOf: ({ mebibytes }): Snapshot => {
        clock.pass(8_000);
        const body = new Uint8Array(mebibytes * 1024 * 1024);
        const route = { name: "edge", version: String(mebibytes), body };
        return { ...emptySnapshot, route: new Map([["edge", route]]) };
      },
      said: (what) => said.push(what),
      broken: (problems) => expect.fail(problems.join()),
      defer: (run) => deferred.push(run),
    },
    { mebibytes: 0 },
    undefined,
  );
  const turn = (): void => {
    const due = deferred;
    deferred = [];
    for (const run of due) run();
  };
  running.start();
  running.moved();
  turn();
  answered = false;
  const kinds = (): readonly string[] => said.splice(0).map(({ kind }) => kind);
  const answer = (): void => {
    answered = true;
  };
  return { clock, running, turn, kinds, answer };
}

describe("the time that a gateway has for its answer", () => {
  it("runs from when it was given something, not from when we began to work it out", () => {
    const { clock, running, turn, kinds } = rollouts();
    kinds();
    running.propose({ mebibytes: 0 });
    const sent = clock.now();
    clock.pass(answerMs - 1);
    turn();
    expect(kinds()).to.deep.equal(["staged"]);
    clock.pass(1);
    turn();
    expect(running.state()).to.include({ phase: "returning" });
    expect(clock.now() - sent).to.equal(answerMs);
  });

  it("grows with what it is given", () => {
    const { clock, running, turn } = rollouts();
    running.propose({ mebibytes: 4 });
    clock.pass(answerMs + 4 * answerMsPerMiB - 1);
    turn();
    expect(running.state()).to.include({ phase: "staged" });
    clock.pass(1);
    turn();
    expect(running.state()).to.include({ phase: "returning" });
  });

  it("is not over before answers are read that came while this process was busy", () => {
    const { clock, running, turn, kinds, answer } = rollouts();
    kinds();
    running.propose({ mebibytes: 0 });
    clock.pass(5 * answerMs);
    // The timer has run out; the answer waits in the socket.
    answer();
    turn();
    turn();
    expect(kinds()).to.deep.equal(["staged", "taken"]);
  });
});
