// k6: twenty times as many calls from one second to the next, and back.
import type { Options } from "k6/options";
import { callEcho } from "./parts/invoke.ts";
import { steady } from "./parts/rates.ts";
import { secondsOr } from "./parts/settings.ts";

export { handleSummary } from "./parts/summary.ts";

const part = Math.max(4, Math.round(secondsOr(30) / 3));
const usual = 20;

export const options: Options = {
  scenarios: {
    before: steady("call", usual, { seconds: part }),
    spike: steady("call", usual * 20, { from: part, seconds: part }),
    after: steady("call", usual, { from: part * 2, seconds: part }),
  },
  thresholds: {
    checks: ["rate==1"],
    http_req_failed: ["rate==0"],
    dropped_iterations: ["count==0"],
    "http_req_duration{scenario:before}": ["p(95)<100"],
    "http_req_duration{scenario:spike}": ["p(95)<1000"],
    "http_req_duration{scenario:after}": ["p(95)<100"],
  },
};

export function call(): void {
  callEcho(`call ${__VU}-${__ITER}`);
}
