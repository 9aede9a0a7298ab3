// The realtime service's process, and the only place that wires its parts together.

import { mkdirSync } from "node:fs";
import {
  createLog,
  endByBug,
  onEnd,
  readSettings,
  startMetricsPage,
  systemClock,
  tellReplaceable,
} from "@smartcall/runtime";
import { startRealtime } from "./start-realtime.ts";

const read = readSettings(["stateFolder", "gatewayFolder", "drain", "logLevel"], {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
});
if (!read.ok) {
  for (const problem of read.problems) process.stderr.write(`${problem}\n`);
  process.exit(2);
}
const settings = read.values;
const log = createLog("realtime", settings.logLevel);
endByBug(log);
// A socket's path has little room, and the gateway names both as seen from there.
mkdirSync(settings.gatewayFolder, { recursive: true, mode: 0o700 });
process.chdir(settings.gatewayFolder);
const closers: (() => Promise<void> | void)[] = [];
onEnd(
  log,
  async () => {
    for (const close of closers.reverse()) await close();
  },
  settings.drain * 1_000,
);
const started = await startRealtime({
  path: "realtime.sock",
  inside: "unix:inside.sock",
  drainSeconds: settings.drain,
  clock: systemClock,
  log,
});
if (!started.ok) {
  log.fatal(started.problem);
  process.exit(1);
}
const page = await startMetricsPage(started.service.registry);
closers.push(page.close, () => started.service.close(tellReplaceable));
log.info({ at: settings.gatewayFolder, metrics: page.url }, "ready");
