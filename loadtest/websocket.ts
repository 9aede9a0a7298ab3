// k6: conversations by WebSocket, five turns each; each answer is to be whole.
import type { Options } from "k6/options";
import { converse } from "./parts/converse.ts";
import { steady } from "./parts/rates.ts";
import { secondsOr } from "./parts/settings.ts";

export { handleSummary } from "./parts/summary.ts";

const turns = [20, 20, 20, 20, 20];
const paceMs = 20;

export const options: Options = {
  scenarios: { conversations: steady("talk", 10, { seconds: secondsOr(30) }, 60) },
  thresholds: {
    checks: ["rate==1"],
    first_event_by_websocket: ["p(95)<100"],
    time_of_a_token_by_websocket: [`p(95)<${paceMs * 2}`],
    dropped_iterations: ["count==0"],
  },
};

export function talk(): void {
  converse(turns, paceMs);
}
