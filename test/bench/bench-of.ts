// All that `make bench` found out, as one object: what it writes as JSON.
import { type Added, addedTo } from "./added.ts";
import type { Setting } from "./measured-with.ts";
import { type Ratio, ratios } from "./ratios.ts";
import { modestRate } from "./rounds.ts";
import { failedCalls, type Summary } from "./summary.ts";

/** What `build/bench.json` holds. */
export interface Bench extends Setting {
  /** How busy the machine was. */
  readonly began: string;
  readonly ended: string;
  readonly rounds: number;
  /** Calls and streams a second at which times are compared. */
  readonly modestRate: typeof modestRate;
  readonly rows: readonly Summary[];
  /** Empty where the agent itself was not measured. */
  readonly added: readonly Added[];
  readonly ratios: readonly Ratio[];
  /** A sentence for each row in which calls failed. */
  readonly failures: readonly string[];
  readonly notMeasured: readonly string[];
}

const notMeasured = [
  "our edge over plain HTTP: it has no such door",
  "a network: all runs on this machine, the load generator too, which takes its share of the processors",
  "new TLS connections: each row has its own 32 open before it is measured",
  "models: the agent says again what it is told",
  "several gateways, zones, retries",
  "a gateway by hand that does all that the edge does: express has no deny list, no envelope of errors with reason and remedy, no deadline from the caller, no bounds of headers and path, no CORS and no retries, so it is cheaper than one that had them",
];

/** Puts it together. */
export function benchOf(
  rows: readonly Summary[],
  run: Setting & Pick<Bench, "began" | "ended" | "rounds">,
): Bench {
  return {
    ...run,
    modestRate,
    rows,
    added: addedTo(rows),
    ratios: ratios(rows),
    failures: failedCalls(rows),
    notMeasured,
  };
}
