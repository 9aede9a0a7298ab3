// Several load generators as if they were one: a single one calls no more than some thousand times a second.

import { type Generator, startGenerator } from "../bench/load.ts";
import type { Phase, PhaseResult } from "../bench/load-types.ts";
import { cpuSeconds } from "../bench/process-cost.ts";

/** What was asked, and what it took them. */
export interface Generated extends PhaseResult {
  /** Processor time of all generators. */
  readonly cpuSeconds: number;
}

/** Running generators. */
export interface Generators {
  /** Each makes its share of the rate; as fast as all can where none is said. */
  run(phase: Phase): Promise<Generated>;
  stop(): void;
}

/** Starts so many. */
export function startGenerators(count: number): Generators {
  const all: readonly Generator[] = Array.from({ length: count }, startGenerator);
  const cpu = (): number => all.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
  return {
    run: async (phase) => {
      const before = cpu();
      const { perSecond } = phase;
      const share = { ...phase, ...(perSecond !== undefined && { perSecond: perSecond / count }) };
      const results = await Promise.all(all.map((each) => each.run(share)));
      return { ...together(results), cpuSeconds: cpu() - before };
    },
    stop: () => {
      for (const each of all) each.stop();
    },
  };
}

function together(results: readonly PhaseResult[]): PhaseResult {
  const sum = (of: (result: PhaseResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const problem = results.find((result) => result.problem !== undefined)?.problem;
  return {
    calls: sum(({ calls }) => calls),
    failures: sum(({ failures }) => failures),
    ...(problem !== undefined && { problem }),
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    events: sum(({ events }) => events),
    whole: results.flatMap(({ whole }) => whole),
    first: results.flatMap(({ first }) => first),
    sinceDue: results.flatMap(({ sinceDue }) => sinceDue),
  };
}
