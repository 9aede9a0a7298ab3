// Finds what contradicts itself in a case, or names what is not there; else makes it ready to run.

import { problem, type Report } from "../problem.ts";
import { closest } from "../schema/closest.ts";
import type { Located } from "../schema/collections.ts";
import type {
  CallConfig,
  CallerChoice,
  CallerConfig,
  CaseConfig,
  ExpectConfig,
} from "./case-config.ts";
import type { Call, Caller, Expectation, TestCase } from "./test-case.ts";

/** What cases may name. */
export interface Known {
  readonly agents: ReadonlySet<string>;
  /** The names of the mesh's routes, the defaults included. */
  readonly routes: ReadonlySet<string>;
}

/** What the file of a case has for it. */
export interface Callers {
  readonly callers: ReadonlyMap<string, Located<CallerConfig>>;
}

/** The case; undefined where something was reported that keeps it from being run. */
export function checkCase(
  found: CaseConfig,
  { callers }: Callers,
  known: Known,
  report: Report,
): TestCase | undefined {
  const caller = callerOf(found.caller, callers, report);
  const call = callOf(found.call, report);
  const expect = expectationOf(found.expect, found.name.value, known, report);
  if (caller === undefined || call === undefined || expect === undefined) return undefined;
  const { name, at } = found;
  return { name: name.value, at, caller: caller.is, call, expect };
}

function callerOf(
  choice: CallerChoice,
  callers: Callers["callers"],
  report: Report,
): { readonly is: Caller | undefined } | undefined {
  if (choice.kind === "none") return { is: undefined };
  if (choice.kind === "described") return { is: tokenOf(choice.caller) };
  const named = callers.get(choice.name);
  if (named !== undefined) return { is: tokenOf(named.value) };
  const advice = didYouMean(choice.name, ["none", ...callers.keys()], "List it under `callers`.");
  report(problem("SC704", choice.at, { name: choice.name, advice }));
  return undefined;
}

function tokenOf({ subject, scopes, claims }: CallerConfig): Caller {
  const values = [...claims].map(([name, { value }]) => [name, value] as const);
  return { subject, scopes, claims: Object.fromEntries(values) };
}

function callOf(call: CallConfig | undefined, report: Report): Call | undefined {
  if (call === undefined) return undefined;
  const { agent, path, method, door, model } = call;
  if (agent === undefined && path === undefined && call.flawed.size === 0) {
    report(problem("SC708", call.at, { where: "`call`", one: "agent", other: "path" }));
  }
  const beside = [
    ["agent", agent],
    ["method", method],
    ["door", door],
  ] as const;
  for (const [key, value] of path === undefined ? [] : beside) {
    if (value !== undefined && value.value !== "rest") {
      const advice = "The path says all of it: keep one of the two.";
      report(problem("SC707", value.at, { key, other: "path", advice }));
    }
  }
  if (method?.value === "converse" && door?.value !== "grpc") {
    const advice = "Conversations are by native gRPC only: write `door: grpc`.";
    report(problem("SC707", method.at, { key: "method: converse", other: "door: rest", advice }));
  }
  const verb = method?.value ?? "invoke";
  const headers = [...call.headers].map(([key, { value }]) => [key.toLowerCase(), value] as const);
  const name = agent?.value ?? "";
  return {
    method: verb,
    to:
      door?.value === "grpc"
        ? { door: "grpc", agent: name }
        : { door: "rest", path: path?.value ?? `/v1/agents/${name}:${verb}` },
    headers: Object.fromEntries(headers),
    model,
  };
}

function expectationOf(
  expect: ExpectConfig | undefined,
  name: string,
  known: Known,
  report: Report,
): Expectation | undefined {
  if (expect === undefined) return undefined;
  const { agent, refused, reason, route, at } = expect;
  if (reportAll(expect, name, known, report) > 0) return undefined;
  const shared = { at, route: route?.value };
  if (refused !== undefined) {
    return { ...shared, kind: "refused", status: refused.value, reason: reason?.value };
  }
  return { ...shared, kind: "answered", by: (agent ?? []).map(({ value }) => value) };
}

/** How many things were reported. */
function reportAll(expect: ExpectConfig, name: string, known: Known, report: Report): number {
  const { agent, refused, reason, route } = expect;
  let count = 0;
  const tell: Report = (found) => {
    count++;
    report(found);
  };
  if (agent === undefined && refused === undefined && expect.flawed.size === 0) {
    tell(problem("SC708", expect.at, { where: "`expect`", one: "agent", other: "refused" }));
  }
  if (agent !== undefined && refused !== undefined) {
    const advice = "A call is either answered or refused: keep one of the two.";
    tell(problem("SC707", refused.at, { key: "refused", other: "agent", advice }));
  }
  if (reason !== undefined && refused === undefined && expect.flawed.size === 0) {
    const advice = "A reason is what a refusal has: remove it, or write `refused: STATUS`.";
    tell(problem("SC707", reason.at, { key: "reason", other: "agent", advice }));
  }
  for (const { value, at } of agent ?? []) {
    if (known.agents.has(value)) continue;
    const advice = didYouMean(value, known.agents, "Name one of the mesh's agents.");
    tell(problem("SC705", at, { case: name, agent: value, advice }));
  }
  if (route !== undefined && !known.routes.has(route.value)) {
    const advice = didYouMean(route.value, known.routes, "Name one of the mesh's routes.");
    tell(problem("SC706", route.at, { case: name, route: route.value, advice }));
  }
  return count;
}

function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const meant = closest(word, known);
  return meant === undefined ? otherwise : `Did you mean \`${meant}\`?`;
}
