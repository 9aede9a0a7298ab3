// k6: streams by gRPC, many at once on few connections; each is to be whole.
import type { Options } from "k6/options";
import { streamByGrpc } from "./parts/grpc-stream.ts";
import { steady } from "./parts/rates.ts";
import { secondsOr } from "./parts/settings.ts";

export { handleSummary } from "./parts/summary.ts";

const tokens = 50;
const paceMs = 20;

export const options: Options = {
  scenarios: { streams: steady("stream", 20, { seconds: secondsOr(30) }, 60) },
  thresholds: {
    checks: ["rate==1"],
    first_event_by_grpc: ["p(95)<100"],
    time_of_a_token_by_grpc: [`p(95)<${paceMs * 2}`],
    dropped_iterations: ["count==0"],
  },
};

export async function stream(): Promise<void> {
  const messages = [{ role: "user", content: `${tokens} every ${paceMs}` }];
  await streamByGrpc({ messages }, tokens);
}
