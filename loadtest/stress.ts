// k6: more calls than an agent has places, then as many callers at once as the machine's processors can take, and back.
import type { Options } from "k6/options";
import { callEcho } from "./parts/invoke.ts";
import { ramp, steady } from "./parts/rates.ts";
import { secondsOr } from "./parts/settings.ts";
import { callOrShed } from "./parts/shed.ts";

export { handleSummary } from "./parts/summary.ts";

/** `worker` has so many places, and works 100 ms for an answer. */
const places = 10;
const canAnswer = places * 10;
const calm = canAnswer / 4;
const most = canAnswer * 4;
/** A call that is shed takes some milliseconds, one that is answered 100: far fewer are under way. */
const callers = 200;
/** As many at once, without a pause, at `echo`, which has no places. */
const crowd = 300;

const seconds = secondsOr(60);
/** Before, rising, full, falling, after; then all callers at once, and after that. */
const part = Math.max(4, Math.round(seconds / 8));
const full = part * 2;

export const options: Options = {
  scenarios: {
    before: steady("work", calm, { seconds: part }),
    rising: ramp("work", { begin: calm, end: most }, { from: part, seconds: part }, callers),
    full: steady("work", most, { from: part * 2, seconds: full }, callers),
    falling: ramp("work", { begin: most, end: calm }, { from: part * 4, seconds: part }, callers),
    after: steady("work", calm, { from: part * 5, seconds: part }),
    crowd: {
      executor: "constant-vus",
      exec: "echo",
      vus: crowd,
      startTime: `${part * 6}s`,
      duration: `${part}s`,
    },
    later: steady("echo", 50, { from: part * 7 + 2, seconds: part }),
  },
  thresholds: {
    checks: ["rate==1"],
    "dropped_iterations{scenario:full}": ["count==0"],
    "answered{scenario:full}": [`count>=${(full * canAnswer) / 2}`],
    "shed{scenario:full}": [`count>=${(full * (most - canAnswer)) / 2}`],
    "shed{scenario:before}": ["count==0"],
    "shed{scenario:after}": ["count==0"],
    "http_req_duration{scenario:before}": ["p(95)<250"],
    "http_req_duration{scenario:after}": ["p(95)<250"],
    // Each of them within a second at P95, and so as many in a second as there are.
    "iterations{scenario:crowd}": [`count>=${part * crowd}`],
    "http_req_duration{scenario:crowd}": ["p(95)<1000"],
    "http_req_duration{scenario:later}": ["p(95)<100"],
  },
};

export function work(): void {
  callOrShed("worker", `call ${__VU}-${__ITER}`);
}

export function echo(): void {
  callEcho(`call ${__VU}-${__ITER}`);
}
