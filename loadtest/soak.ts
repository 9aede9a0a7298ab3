// k6: all doors for long, at a modest rate; what the processes hold meanwhile is to stay. Server-sent events are read beside it.
import type { Options } from "k6/options";
import { steady } from "./parts/rates.ts";
import { secondsOr } from "./parts/settings.ts";

export { call, stream, talk } from "./parts/doors.ts";
export { handleSummary } from "./parts/summary.ts";

const seconds = secondsOr(600);

export const options: Options = {
  scenarios: {
    calls: steady("call", 60, { seconds }),
    streams: steady("stream", 5, { seconds }),
    conversations: steady("talk", 1, { seconds }),
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
