// The quota service's process, and the only place that wires its parts together.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { quotaPb } from "@smartcall/protos";
import {
  createLog,
  endByBug,
  formatAddress,
  formatEndpoint,
  isLoopback,
  onEnd,
  readSettings,
  startMetricsPage,
  systemClock,
} from "@smartcall/runtime";
import { openLedger } from "./open-ledger.ts";
import { plansOf } from "./policy/plan.ts";
import { readPolicies, writePolicies } from "./policy/policy-file.ts";
import { createPresentPolicies, type PresentPolicies } from "./policy/present-policies.ts";
import { watchPolicies } from "./policy/watch-policies.ts";
import { startQuota } from "./service/start-quota.ts";

const read = readSettings(
  ["controlPlane", "stateFolder", "quota", "quotaListen", "redisUrl", "logLevel"],
  { argv: process.argv.slice(2), env: process.env, cwd: process.cwd() },
);
if (!read.ok) {
  for (const problem of read.problems) process.stderr.write(`${problem}\n`);
  process.exit(2);
}
const settings = read.values;
const log = createLog("quota", settings.logLevel);
endByBug(log);
if (!isLoopback(settings.controlPlane.host)) {
  stop(
    `The quota service reads its policies in the clear, so from loopback only: SMARTCALL_CONTROL_PLANE is "${formatAddress(settings.controlPlane)}".`,
  );
}
const closers: (() => Promise<void> | void)[] = [];
onEnd(log, async () => {
  for (const close of closers.reverse()) await close();
});

const file = join(settings.stateFolder, "quota", "policies");
let present: PresentPolicies | undefined;
const plansFrom = (policies: quotaPb.QuotaPolicies) => {
  const { plans, odd } = plansOf(policies);
  if (odd.length > 0) log.error({ odd }, "not counted: this version does not understand them");
  return plans;
};
const first = new Promise<quotaPb.QuotaPolicies>((resolve) => {
  const kept = readPolicies(file);
  if (kept !== undefined) resolve(kept);
  closers.push(
    watchPolicies({
      controlPlane: formatAddress(settings.controlPlane),
      joinToken,
      clock: systemClock,
      heard(policies) {
        resolve(policies);
        present?.change(plansFrom(policies));
        keep(policies);
        log.info({ routes: policies.getRoutesList().length }, "policies");
      },
      hindered: (problem) => log.warn(problem),
    }),
  );
});

// What it waits with keeps no process alive.
const awake = setInterval(() => undefined, 60_000);
// Nothing is counted before it is known for which mesh.
const policies = createPresentPolicies(plansFrom(await first), systemClock);
present = policies;
const { mesh } = policies.plans();
const ledger = await openLedger({ ...settings, mesh }, log);
if (!ledger.ok) stop(ledger.problem);
const endpoint = settings.quotaListen ?? settings.quota[0];
const started = await startQuota({
  ledger: ledger.value,
  policies,
  endpoint,
  clock: systemClock,
  log,
});
if (!started.ok) stop(started.problem);
closers.push(started.service.close);
clearInterval(awake);
const page = await startMetricsPage(started.service.registry);
closers.push(page.close);
const where = settings.redisUrl === undefined ? "SQLite" : "Redis";
log.info({ mesh, at: formatEndpoint(endpoint), counts: where, metrics: page.url }, "ready");

function keep(policies: quotaPb.QuotaPolicies): void {
  try {
    writePolicies(file, policies);
  } catch (error) {
    log.error({ err: error }, "the policies could not be kept for the next start");
  }
}

function joinToken(): string | undefined {
  try {
    const token = readFileSync(join(settings.stateFolder, "join-token"), "utf8").trim();
    return token === "" ? undefined : token;
  } catch {
    return undefined;
  }
}

function stop(problem: string): never {
  log.fatal(problem);
  process.exit(1);
}
