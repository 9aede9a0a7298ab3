// A route in words: which calls it takes, where they go, who may make them.

import { printable } from "@smartcall/runtime";
import type { Route } from "../../model/mesh.ts";
import { allowWords, budgetUseWords, either, limitsWords } from "./policy-words.ts";

/** The parts of a route in words. */
export interface RouteWords {
  /** Such as `calls to writer with claim plan gold or silver`. */
  readonly calls: string;
  /** Such as `writer 95 %, writer-next 5 %`. */
  readonly to: string;
  /** Such as `needs scope agents:invoke`. */
  readonly who: string;
  /** Such as `at most 60 s`. */
  readonly time: string;
  /** Absent where only what no instance took is tried again. */
  readonly retry?: string;
  /** Absent where no other agents stand in. */
  readonly fallback?: string;
  /** Absent where there are none. */
  readonly limits?: string;
  /** Absent where its calls cost nothing. */
  readonly budget?: string;
}

/** The route in words, with nothing in them that could steer a terminal. */
export function routeWords(route: Route): RouteWords {
  const { allow, budget, fallback, limits, match, retry, timeoutMs } = route;
  return {
    calls: [`calls to ${match.agent}`, ...conditions(route)].join(" "),
    to: destinations(route),
    who: allowWords(allow),
    time: `at most ${duration(timeoutMs)}`,
    ...(retry && { retry: retryWords(retry) }),
    ...(fallback && { fallback: `else ${fallback.join(", then ")}` }),
    ...(limits && { limits: limitsWords(limits) }),
    ...(budget && { budget: budgetUseWords(budget) }),
  };
}

/** One line of all of it. */
export function routeLine(words: RouteWords): string {
  const { budget, calls, fallback, limits, retry, time, to, who } = words;
  const others = [retry, fallback, limits, budget].filter((each) => each !== undefined);
  return [`${calls} → ${to}`, who, time, ...others].join("; ");
}

/** Such as `60 s`, `5 min`, `1.5 s`, `250 ms`: a person says 90 s, and 2 min. */
export function duration(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms >= 120_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

function conditions({ match }: Route): readonly string[] {
  const { claims, headers, models, path } = match;
  const asked = [
    ...Object.entries(headers).map(([name, value]) => `header ${name}: ${value}`),
    ...Object.entries(claims).map(([name, values]) => `claim ${name} ${either(values)}`),
  ];
  return [
    ...(path === undefined ? [] : [`by ${path}`]),
    ...(models === undefined ? [] : [`for model ${either(models)}`]),
    ...(asked.length === 0 ? [] : [`with ${asked.join(" and ")}`]),
  ].map(printable);
}

function destinations({ sticky, to }: Route): string {
  const [first, second] = to;
  if (first !== undefined && second === undefined) return first.agent;
  const sum = to.reduce((whole, { weight }) => whole + weight, 0);
  const shares = to.map(({ agent, weight }) => `${agent} ${percent(weight / sum)}`).join(", ");
  return sticky === undefined ? shares : `${shares} (always the same ${stickyWords(sticky)})`;
}

function stickyWords(claim: string): string {
  return claim === "sub" ? "for a subject" : printable(`for a value of claim ${claim}`);
}

/** As exact as it must be, so that only all is 100 % and only nothing is 0 %. */
function percent(share: number): string {
  const points = share * 100;
  if (points < 1) return `${Number(points.toPrecision(2))} %`;
  return share < 1 && points > 99.99 ? "> 99.99 %" : `${Number(points.toFixed(2))} %`;
}

function retryWords(retry: NonNullable<Route["retry"]>): string {
  const { attempts, firstEventMs, hedge, on, perTryMs } = retry;
  const reasons = on.length === 0 ? "where no instance took it" : `on ${either(on)}`;
  return [
    `tried ${attempts === 1 ? "once" : `${attempts} times`} more ${reasons}`,
    ...(perTryMs === undefined ? [] : [`each try at most ${duration(perTryMs)}`]),
    ...(firstEventMs === undefined ? [] : [`first event within ${duration(firstEventMs)}`]),
    ...(hedge === true ? ["slow tries go on beside the next"] : []),
  ].join(", ");
}
