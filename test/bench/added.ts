// What each way to the agent adds to the time of a call and of a stream's first event.
import { difference, type Latency, type Summary } from "./summary.ts";

/** Of one row, in milliseconds beside the agent itself, round by round. */
export interface Added {
  readonly id: Summary["id"];
  readonly name: string;
  readonly call: Latency;
  readonly firstEvent: Latency;
}

/** All rows but the agent's own; none where that was not measured. */
export function addedTo(rows: readonly Summary[]): readonly Added[] {
  const direct = rows.find(({ id }) => id === "direct");
  if (direct === undefined) return [];
  return rows
    .filter((row) => row !== direct)
    .map(({ id, name, stream, unary }) => ({
      id,
      name,
      call: later(unary.modest, direct.unary.modest),
      firstEvent: later(stream.first, direct.stream.first),
    }));
}

function later(is: Latency, than: Latency): Latency {
  return {
    p50: difference(is.p50, than.p50),
    p95: difference(is.p95, than.p95),
    p99: difference(is.p99, than.p99),
  };
}
