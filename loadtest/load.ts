// k6: all doors at once, at a rate that a small machine holds; nothing may fail. Server-sent events are read beside it.
import type { Options } from "k6/options";
import { steady } from "./parts/rates.ts";
import { secondsOr } from "./parts/settings.ts";

export { call, stream, talk } from "./parts/doors.ts";
export { handleSummary } from "./parts/summary.ts";

const seconds = secondsOr(60);

export const options: Options = {
  scenarios: {
    calls: steady("call", 200, { seconds }),
    streams: steady("stream", 10, { seconds }, 20),
    conversations: steady("talk", 2, { seconds }, 20),
  },
  thresholds: {
    checks: ["rate==1"],
    http_req_failed: ["rate==0"],
    http_req_duration: ["p(95)<100"],
    first_event_by_grpc: ["p(95)<100"],
    first_event_by_websocket: ["p(95)<100"],
    dropped_iterations: ["count==0"],
  },
};
