// k6: calls, gRPC streams and WebSockets with lengths as people's; server-sent events are read beside it by our own client.
import { check } from "k6";
import http from "k6/http";
import { Trend } from "k6/metrics";
import type { Options } from "k6/options";
import { askOf, lengths } from "../test/load/lengths.ts";
import { converse } from "./parts/converse.ts";
import { streamByGrpc } from "./parts/grpc-stream.ts";
import { headers } from "./parts/invoke.ts";
import { steady } from "./parts/rates.ts";
import { secondsOr, url } from "./parts/settings.ts";

export { handleSummary } from "./parts/summary.ts";

const seconds = secondsOr(60);
const paceMs = Number(__ENV["SMARTCALL_PACE_MS"] ?? 20);
const ofAToken = new Trend("time_of_a_token_by_rest", true);

export const options: Options = {
  scenarios: {
    calls: steady("call", 3, { seconds }, 30),
    streams: steady("stream", 3, { seconds }, 30),
    conversations: steady("talk", 1, { seconds }, 30),
  },
  thresholds: {
    checks: ["rate==1"],
    http_req_failed: ["rate==0"],
    time_of_a_token_by_rest: [`p(95)<${paceMs * 2}`],
    first_event_by_grpc: ["p(95)<150"],
    time_of_a_token_by_grpc: [`p(95)<${paceMs * 2}`],
    first_event_by_websocket: ["p(95)<150"],
    time_of_a_token_by_websocket: [`p(95)<${paceMs * 2}`],
    dropped_iterations: ["count==0"],
  },
};

export function call(): void {
  const these = lengths(Math.random);
  const body = JSON.stringify(askOf(these, paceMs));
  const response = http.post(`${url}/v1/agents/ticker:invoke`, body, { headers });
  const { duration } = response.timings;
  ofAToken.add(duration / these.answer);
  check(response, {
    "is 200": ({ status }) => status === 200,
    "is whole": (answer) => answer.json("finishReason") === "stop",
    "has every token": (answer) =>
      String(answer.json("message.content")).trimEnd().endsWith(String(these.answer)),
  });
}

export async function stream(): Promise<void> {
  const these = lengths(Math.random);
  await streamByGrpc(askOf(these, paceMs), these.answer);
}

export function talk(): void {
  const turns = [1, 2, 3].map(() => lengths(Math.random).answer);
  converse(turns, paceMs);
}
