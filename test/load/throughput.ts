// Throughput: 10,000 calls a second, or the most that this machine holds, and what it would take.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Phase } from "../bench/load-types.ts";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { percentile } from "../harness/percentile.ts";
import { counted, milliseconds } from "./amounts.ts";
import { endingWithUs } from "./attach-agents.ts";
import { type Generated, type Generators, startGenerators } from "./generators.ts";
import { isHeld } from "./held-rate.ts";
import { highestRate } from "./rate-search.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import { type LongRate, outcomeOf } from "./throughput-outcome.ts";
import { watchUsage } from "./usage.ts";

/** What is asked, in calls a second. */
const asked = 10_000;
const stepSeconds = 5;
const warmUpSeconds = 5;

const cores = availableParallelism();
/** An instance is one thread of Node, and answers some thousand calls a second. */
const instances = Math.min(10, Math.max(1, Math.floor(cores / 2)));
const generatorsNeeded = Math.min(4, Math.max(1, Math.floor(cores / 4)));

export const throughput: Scenario = {
  shows:
    "10,000 calls a second, P95 under 100 ms; with too few cores the most that holds, and what it would take.",
  async run({ seconds = 60 }) {
    const mesh = await startMesh({ services: ["echo"] });
    const others = Array.from({ length: instances - 1 }, () => startEcho(mesh));
    const generators = startGenerators(generatorsNeeded);
    try {
      return await search(mesh, generators, seconds);
    } finally {
      generators.stop();
      await Promise.all(others.map((child) => endGroup(child)));
      await mesh.stop();
    }
  },
};

function startEcho(mesh: Mesh): Child {
  const program = join(root, "services", "echo", "dist", "echo.js");
  return startChild(process.execPath, [program], {
    cwd: mesh.folder,
    env: endingWithUs(mesh.env),
  });
}

async function search(mesh: Mesh, generators: Generators, seconds: number): Promise<Outcome> {
  const token = await mesh.token();
  const target = { protocol: "rest", origin: mesh.url, ca: mesh.ca, agent: "echo", token } as const;
  const phase = (lasts: number): Phase => ({ target, kind: "unary", milliseconds: lasts * 1000 });
  await generators.run(phase(warmUpSeconds));
  const all = await generators.run(phase(warmUpSeconds));
  let last: LongRate | undefined;
  const holds = async (rate: number, lasts: number): Promise<boolean> => {
    const watch = watchUsage(mesh.mark);
    const result = await generators.run({ ...phase(lasts), perSecond: rate });
    const usage = watch.stop();
    if (lasts === seconds) last = { rate, seconds, result, usage };
    const held = isHeld(result, rate, lasts);
    console.log(
      `  ${rate} a second for ${lasts} s: ${described(result)}${held ? "" : ": too much"}`,
    );
    return held;
  };
  const range = { estimate: all.calls / all.seconds, most: asked };
  const rate = await highestRate(holds, range, { step: stepSeconds, confirm: seconds });
  if (last === undefined) {
    const why = `no rate was held even for ${stepSeconds} seconds: ${all.problem ?? "too slow"}`;
    return { done: "Searched in vain.", figures: [], failures: [why] };
  }
  const none = `no rate was held for ${seconds} seconds; the figures are of the lowest tried`;
  return {
    done: `Calls by REST, over HTTPS, through the gateway to ${instances} instance${instances === 1 ? "" : "s"} of echo, each behind its sidecar: tried for ${stepSeconds} seconds each, and what held for ${seconds}.`,
    ...outcomeOf(last, { rate: asked, cores }),
    failures: rate === undefined ? [none] : [],
  };
}

function described(result: Generated): string {
  const p95 = milliseconds(percentile(result.sinceDue, 0.95));
  return `${counted(result.calls)} calls, P95 ${p95}, ${result.failures} failed`;
}
