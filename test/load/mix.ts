// Mix: all doors with lengths as people's.
import { k6Scenario } from "./k6-scenario.ts";
import { askOf, lengths } from "./lengths.ts";
import { readStreams } from "./sse-client.ts";
import { sseFigures } from "./sse-figures.ts";

const paceMs = 20;
const perSecond = 3;

export const mix = k6Scenario({
  shows: "All doors with lengths as in the traces of a large service: whole, at once, at pace.",
  script: "mix.ts",
  seconds: 60,
  agents: ["ticker"],
  told: ["http_req_duration", "first_event_by_grpc", "first_event_by_websocket"],
  async beside(mesh, seconds) {
    const ask = () => {
      const these = lengths(Math.random);
      return { body: askOf(these, paceMs), tokens: these.answer };
    };
    const result = await readStreams(mesh, { perSecond, seconds, ask });
    return sseFigures(result, { firstMs: 150, tokenMs: paceMs * 2 });
  },
  done: (seconds) =>
    `For ${seconds} seconds, each second: 3 calls by REST, 3 streams by SSE, 3 by gRPC, and a conversation by WebSocket of three turns. Prompts have 1,020 tokens by the median and 5,300 at P95, answers 129 and 410, a token every ${paceMs} ms.`,
});
