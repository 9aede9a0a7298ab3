// Whether what became of a call is what its case expects, and if not, in words.

import type { Caller, Expectation, TestCase } from "../../config/index.ts";
import type { Route } from "../../model/mesh.ts";
import type { CaseOutcome } from "./outcome.ts";

/** What was to come of a call, and what came, in words. */
export interface Wrong {
  readonly expected: string;
  readonly got: string;
}

/** Undefined where the case passes. One that would pass by chance only does not. */
export function verdict(
  { caller, expect }: Pick<TestCase, "caller" | "expect">,
  outcome: CaseOutcome,
): Wrong | undefined {
  const others =
    expect.kind === "answered" && outcome.kind === "answered"
      ? byChance(expect.by, outcome.route, caller)
      : undefined;
  if (matches(expect, outcome) && others === undefined) return undefined;
  return { expected: expectedWords(expect), got: others ?? gotWords(outcome) };
}

function matches(expect: Expectation, outcome: CaseOutcome): boolean {
  if (outcome.kind === "broken" || expect.kind !== outcome.kind) return false;
  if (expect.route !== undefined && expect.route !== outcome.route?.name) return false;
  if (expect.kind === "answered" && outcome.kind === "answered") {
    return expect.by.includes(outcome.by);
  }
  if (expect.kind === "refused" && outcome.kind === "refused") {
    return (
      expect.status === outcome.status &&
      (expect.reason === undefined || expect.reason === outcome.reason)
    );
  }
  return false;
}

/**
 * Which agents share the calls, in words, where an expected one and another could have
 * answered; the same words whichever did.
 */
function byChance(
  expected: readonly string[],
  { to, sticky, name }: Route,
  caller: Caller | undefined,
): string | undefined {
  // Whoever has the claim always meets the same agent.
  if (sticky !== undefined && caller !== undefined && has(caller, sticky)) return undefined;
  const can = to.filter(({ weight }) => weight > 0);
  const good = can.filter(({ agent }) => expected.includes(agent));
  if (good.length === 0 || good.length === can.length) return undefined;
  const total = can.reduce((sum, { weight }) => sum + weight, 0);
  const shares = can.map(({ agent, weight }) => `${agent} (${percent(weight / total)})`);
  return `an answer by chance, from ${list(shares)}${byRoute(name)}`;
}

function has({ claims }: Caller, claim: string): boolean {
  return claim === "sub" || Object.hasOwn(claims, claim);
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

function expectedWords(expect: Expectation): string {
  const by = byRoute(expect.route);
  if (expect.kind === "answered") return `an answer from ${list(expect.by)}${by}`;
  const reason = expect.reason === undefined ? "" : ` ${expect.reason}`;
  return `a refusal with ${expect.status}${reason}${by}`;
}

function gotWords(outcome: CaseOutcome): string {
  if (outcome.kind === "broken") return `no answer: ${outcome.problem}`;
  const by = byRoute(outcome.route?.name);
  if (outcome.kind === "answered") return `an answer from ${outcome.by}${by}`;
  const { status, reason, message } = outcome;
  const why = message === "" ? "" : `: ${message}`;
  return `a refusal with ${status}${reason === "" ? "" : ` ${reason}`}${by}${why}`;
}

function byRoute(name: string | undefined): string {
  return name === undefined ? "" : `, by the route ${name}`;
}

function list(words: readonly string[]): string {
  return words.join(" or ");
}
