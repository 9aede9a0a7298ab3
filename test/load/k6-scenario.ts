// A scenario that is a script of k6 at a mesh of its own.
import { startMesh } from "../harness/mesh.ts";
import { attachAgents } from "./attach-agents.ts";
import { runK6 } from "./k6.ts";
import { thresholdFigures, toldFigures } from "./k6-figures.ts";
import { roleFigures } from "./role-figures.ts";
import type { Figure, Outcome, Scenario, ScenarioSettings } from "./scenario.ts";
import { type Usage, watchUsage } from "./usage.ts";

/** What differs between such scenarios. */
export interface K6Plan {
  readonly shows: string;
  /** Of `loadtest/`. It is told `SMARTCALL_SECONDS`. */
  readonly script: string;
  /** How long the load lasts, where it is not said. */
  readonly seconds: number;
  done(seconds: number): string;
  /** Agents of `test/agents/` that it calls beside `echo`. */
  readonly agents?: readonly string[];
  /** Routes of `mesh.yaml`. */
  readonly routes?: readonly string[];
  /** Metrics whose usual statistics are told beside the thresholds. Default: a call by REST. */
  readonly told?: readonly string[];
  /** The most that each process of ours may hold, in MB. Default: it is only told. */
  readonly mostMegabytes?: number;
  /** Further figures. */
  more?(summary: unknown, usage: Usage): readonly Figure[];
  readonly notMeasured?: readonly string[];
}

/** Starts a mesh, runs the script, and tells k6's thresholds and what each process of ours used. */
export function k6Scenario(plan: K6Plan): Scenario {
  return { shows: plan.shows, run: (settings) => runPlan(plan, settings) };
}

async function runPlan(plan: K6Plan, settings: ScenarioSettings): Promise<Outcome> {
  const { agents = [], told = ["http_req_duration"], notMeasured } = plan;
  const seconds = settings.seconds ?? plan.seconds;
  const mesh = await startMesh({
    services: ["echo"],
    listed: agents,
    ...(plan.routes && { routes: plan.routes }),
  });
  const attached = await attachAgents(mesh, agents).catch(async (error: unknown) => {
    await mesh.stop();
    throw error;
  });
  try {
    const watch = watchUsage(mesh.mark);
    const { code, summary } = await runK6({
      script: plan.script,
      mesh,
      token: await mesh.token(),
      folder: settings.reportFolder,
      env: { SMARTCALL_SECONDS: String(seconds) },
    });
    const usage = watch.stop();
    const thresholds = thresholdFigures(summary);
    return {
      done: plan.done(seconds),
      figures: [
        ...toldFigures(summary, "iterations", ["count", "rate"]),
        ...thresholds,
        ...told.flatMap((metric) => toldFigures(summary, metric, ["med", "p(95)", "p(99)", "max"])),
        ...(plan.more?.(summary, usage) ?? []),
        ...roleFigures(usage, plan.mostMegabytes),
      ],
      failures: problems(code, thresholds),
      ...(notMeasured && { notMeasured }),
    };
  } finally {
    await attached.stop();
    await mesh.stop();
  }
}

/** k6 says 99 where a threshold was missed, which the figures tell; a run without any holds nothing. */
function problems(code: number, thresholds: readonly Figure[]): readonly string[] {
  const missed = thresholds.some(({ met }) => met === false);
  if (thresholds.length === 0) return [`k6 ended with ${code} and told of no threshold`];
  return code === 0 || (code === 99 && missed) ? [] : [`k6 ended with ${code}`];
}
