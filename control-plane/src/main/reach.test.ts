import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import type { Reached } from "../admin/index.ts";
import { parseGateways } from "../status/index.ts";
import type { NodeProgress } from "../xds/index.ts";
import { createGateways, returnMs } from "./gateways.ts";
import { reach, revokedMs } from "./reach.ts";

const kept = '{"gateways":[{"node":"edge"}]}';
const generation = 7;

describe("how far a change has come", () => {
  /** A control plane that has just started, and knows of one gateway that was connected. */
  const rig = () => {
    const clock = createManualClock(1_000_000);
    const gateways = createGateways(
      {
        gateways: parseGateways(kept, clock.now()) ?? new Map(),
        keepGateways: { keep: () => undefined, settled: () => Promise.resolve() },
      },
      clock,
    );
    let progress: readonly NodeProgress[] = [];
    const xds = {
      acked: () => Promise.resolve("acked" as const),
      progress: () => progress,
    };
    const of = () => ({ at: clock.now(), stream: "s" });
    const answers: Reached[] = [];
    return {
      answers,
      pass: (ms: number) => clock.passSlowly(ms),
      ask(whom: "all" | "connected"): void {
        const options = { clock, xds, gateways, generation: () => generation };
        void reach(options, whom).then((reached) => answers.push(reached));
      },
      comes(): void {
        progress = [{ node: "edge", generation, answered: true, refused: [] }];
        const node = { id: "edge", cluster: "gateway", version: "" };
        gateways.observe({ ...of(), kind: "opened", variant: "delta", proof: { kind: "owner" } });
        gateways.observe({ ...of(), kind: "identified", node });
      },
      goes(): void {
        progress = [];
        gateways.observe({ ...of(), kind: "closed", reason: "gone" });
      },
    };
  };
  /** What was noted of gateways is put together after what happens now. */
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const holds = { holds: ["edge"], silent: [], cutOff: [] };
  const cutOff = { holds: [], silent: [], cutOff: ["edge"] };

  it("is told once a gateway is back that a start of the control plane cut off", async () => {
    const { answers, ask, pass, comes } = rig();
    ask("all");
    await pass(revokedMs - 1);
    expect(answers).to.deep.equal([]);
    comes();
    await settled();
    expect(answers).to.deep.equal([holds]);
  });

  it("is told in time where it does not come back", async () => {
    const { answers, ask, pass } = rig();
    ask("all");
    await pass(revokedMs - 1);
    expect(answers).to.deep.equal([]);
    await pass(1);
    expect(answers).to.deep.equal([cutOff]);
  });

  it("waits for one that changes its stream, and for none that was lost long ago", async () => {
    const { answers, ask, pass, comes, goes } = rig();
    await pass(returnMs);
    ask("all");
    await settled();
    expect(answers).to.deep.equal([cutOff]);
    comes();
    await settled();
    goes();
    ask("all");
    await settled();
    expect(answers).to.have.length(1);
    comes();
    await settled();
    expect(answers).to.deep.equal([cutOff, holds]);
  });

  it("is told at once where only those count that are connected", async () => {
    const { answers, ask } = rig();
    ask("connected");
    await settled();
    expect(answers).to.deep.equal([cutOff]);
  });
});
