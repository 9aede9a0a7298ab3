// A scenario that is a script of k6 at a mesh of its own.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mesh } from "../harness/mesh.ts";
import { runK6 } from "./k6.ts";
import { failedChecks, thresholdFigures, toldFigures } from "./k6-figures.ts";
import { roleFigures } from "./role-figures.ts";
import type { Figure, Outcome, Scenario, ScenarioSettings } from "./scenario.ts";
import { type Usage, watchUsage } from "./usage.ts";
import { withMesh } from "./with-mesh.ts";

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
  /** What `mesh.yaml` says of agents, by name. */
  readonly said?: Readonly<Record<string, string>>;
  readonly routes?: readonly string[];
  /** Metrics whose usual statistics are told beside the thresholds. Default: a call by REST. */
  readonly told?: readonly string[];
  /** The most that each process of ours may hold, in MB. Default: it is only told. */
  readonly mostMegabytes?: number;
  /** A load that k6 does not make, for as long as k6 makes its own. */
  beside?(mesh: Mesh, seconds: number): Promise<Beside>;
  /** What the use of the processes shows beside their memory. */
  ofUsage?(usage: Usage): readonly Figure[];
  readonly notMeasured?: readonly string[];
}

/** What came of a load beside k6's. */
export interface Beside {
  readonly figures: readonly Figure[];
  readonly failures: readonly string[];
}

/** Starts a mesh, runs the script, and tells k6's thresholds and what each process of ours used. */
export function k6Scenario(plan: K6Plan): Scenario {
  return { shows: plan.shows, usesK6: true, run: (settings) => runPlan(plan, settings) };
}

function runPlan(plan: K6Plan, settings: ScenarioSettings): Promise<Outcome> {
  const { agents = [], said, routes } = plan;
  const options = { services: ["echo"], ...(said && { said }), ...(routes && { routes }) };
  return withMesh(options, agents, (mesh) => loadMesh(plan, mesh, settings));
}

async function loadMesh(plan: K6Plan, mesh: Mesh, settings: ScenarioSettings): Promise<Outcome> {
  const seconds = settings.seconds ?? plan.seconds;
  const watch = watchUsage(mesh.mark);
  const [{ code, summary }, beside] = await Promise.all([
    runK6({
      script: plan.script,
      mesh,
      token: await mesh.token(),
      folder: settings.reportFolder,
      env: { SMARTCALL_SECONDS: String(seconds) },
    }),
    plan.beside?.(mesh, seconds) ?? { figures: [], failures: [] },
  ]);
  const usage = watch.stop();
  writeFileSync(join(settings.reportFolder, "usage.json"), JSON.stringify(usage));
  const thresholds = thresholdFigures(summary);
  return {
    done: plan.done(seconds),
    figures: [
      ...toldFigures(summary, "iterations", ["count", "rate"]),
      ...thresholds,
      ...alsoTold(plan, summary, thresholds),
      ...beside.figures,
      ...roleFigures(usage, plan.mostMegabytes),
      ...(plan.ofUsage?.(usage) ?? []),
    ],
    failures: [...problems(code, thresholds), ...failedChecks(summary), ...beside.failures],
    ...(plan.notMeasured && { notMeasured: plan.notMeasured }),
  };
}

/** The usual statistics, but those that a threshold tells already. */
function alsoTold(
  { told = ["http_req_duration"] }: K6Plan,
  summary: unknown,
  thresholds: readonly Figure[],
): readonly Figure[] {
  return told
    .flatMap((metric) => toldFigures(summary, metric, ["med", "p(95)", "p(99)", "max"]))
    .filter(({ what }) => !thresholds.some((threshold) => threshold.what === what));
}

/** k6 says 99 where a threshold was missed, which the figures tell; a run without any holds nothing. */
function problems(code: number, thresholds: readonly Figure[]): readonly string[] {
  const missed = thresholds.some(({ met }) => met === false);
  if (thresholds.length === 0) return [`k6 ended with ${code} and told of no threshold`];
  return code === 0 || (code === 99 && missed) ? [] : [`k6 ended with ${code}`];
}
