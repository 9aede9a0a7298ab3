// What k6 measured, as figures: each of its thresholds with what was asked, and the usual ones of a metric.
import { entries, listAt, numberAt, textAt } from "../harness/json.ts";
import { counted, milliseconds, share } from "./amounts.ts";
import type { Figure } from "./scenario.ts";

/** What metrics of k6 are called in a report; others by their own name, as words. */
const names: Readonly<Record<string, string>> = {
  checks: "answers that were right",
  dropped_iterations: "that could not begin when they were due",
  first_event_by_grpc: "first event by gRPC",
  first_event_by_websocket: "first event by WebSocket",
  grpc_req_duration: "time of a call by gRPC",
  http_req_duration: "time of a call by REST",
  http_req_failed: "calls by REST that failed",
  iterations: "begun",
  time_of_a_token_by_grpc: "time of a token by gRPC",
  time_of_a_token_by_rest: "time of a token by REST",
  time_of_a_token_by_websocket: "time of a token by WebSocket",
};

const shareOfCalls = /^p\((\d+(?:\.\d+)?)\)$/;
const signs: Readonly<Record<string, string>> = {
  "<": "under",
  "<=": "at most",
  ">": "above",
  ">=": "at least",
  "==": "",
};

/**
 * A figure for each threshold, as k6 judged it. One of a metric of which nothing was measured is
 * missed: k6 itself takes it for met.
 */
export function thresholdFigures(summary: unknown): readonly Figure[] {
  // k6 tells of them in another order each time.
  return unsorted(summary).sort((a, b) => a.what.localeCompare(b.what));
}

/** Each check of which some did not hold, with how many. */
export function failedChecks(summary: unknown): readonly string[] {
  return listAt(summary, "root_group", "checks").flatMap((check) => {
    const fails = numberAt(check, "fails");
    const all = fails + numberAt(check, "passes");
    return fails > 0
      ? [`${counted(fails)} of ${counted(all)}: not "${textAt(check, "name")}"`]
      : [];
  });
}

function unsorted(summary: unknown): Figure[] {
  return entries(summary, "metrics").flatMap(([key, metric]) =>
    entries(metric, "thresholds").map(([expression, threshold]) => {
      const [, stat = expression, sign = "", limit = ""] =
        /^(\S+?)\s*(<=|>=|==|<|>)\s*([\d.]+)$/.exec(expression) ?? [];
      const asked = `${signs[sign] ?? sign} ${amount(metric, stat, Number(limit))}`.trim();
      const ok = entries(threshold).some(([name, value]) => name === "ok" && value === true);
      const none = samplesOf(metric) === 0;
      return {
        what: nameOf(key, stat),
        is: none ? "nothing was measured" : amount(metric, stat, numberAt(metric, "values", stat)),
        asked,
        met: ok && !none,
      };
    }),
  );
}

/** How much was measured; undefined of a counter, of which nothing is 0. */
function samplesOf(metric: unknown): number | undefined {
  switch (textAt(metric, "type")) {
    case "trend":
      return numberAt(metric, "values", "count");
    case "rate":
      return numberAt(metric, "values", "passes") + numberAt(metric, "values", "fails");
    default:
      return undefined;
  }
}

/** Some statistics of a metric, only told; none where nothing was measured. */
export function toldFigures(
  summary: unknown,
  key: string,
  stats: readonly string[],
): readonly Figure[] {
  const metric = entries(summary, "metrics").find(([name]) => name === key)?.[1];
  return stats.flatMap((stat) => {
    const value = numberAt(metric, "values", stat);
    return Number.isNaN(value) || (stat !== "count" && numberAt(metric, "values", "count") === 0)
      ? []
      : [{ what: nameOf(key, stat), is: amount(metric, stat, value) }];
  });
}

/** A number of a metric; NaN where it is not there. */
export function metricValue(summary: unknown, key: string, stat: string): number {
  return numberAt(summary, "metrics", key, "values", stat);
}

/** `name{scenario:after}` is the part of a metric that calls of that part of the script gave. */
function nameOf(key: string, stat: string): string {
  const [, metric = key, part] = /^([^{]+)(?:\{scenario:(.*)\})?$/.exec(key) ?? [];
  const name = names[metric] ?? metric.replaceAll("_", " ");
  const [, percent] = shareOfCalls.exec(stat) ?? [];
  const of = percent === undefined ? words[stat] : `P${percent}`;
  return `${name}${part === undefined ? "" : ` (${part})`}${of === undefined ? "" : `, ${of}`}`;
}

const words: Readonly<Record<string, string>> = {
  min: "shortest",
  med: "median",
  avg: "mean",
  max: "longest",
};

function amount(metric: unknown, stat: string, value: number): string {
  if (textAt(metric, "type") === "rate") return share(value);
  if (stat === "count" || textAt(metric, "contains") !== "time") {
    return stat === "rate" ? `${counted(value)} a second` : counted(value);
  }
  return milliseconds(value);
}
