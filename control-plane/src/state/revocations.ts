// Tokens and callers that were revoked, for as long as that matters.

import { isObject, parseObject } from "@smartcall/runtime";

/** All that was revoked. */
export interface Revocations {
  /** By `jti`. */
  readonly tokens: ReadonlyMap<string, RevokedToken>;
  /** By `sub`: until each is restored. */
  readonly subjects: ReadonlyMap<string, Revoked>;
}

/** When it was revoked, and by whom. */
export interface Revoked {
  readonly at: Date;
  readonly by: string;
}

/** A revoked token. */
export interface RevokedToken extends Revoked {
  /** By then it is dead by itself, and its entry is dropped. */
  readonly until: Date;
}

/** The name, in the state, of what `printRevocations` writes. */
export const revocationsName = "revocations.json";

/** Nothing. */
export const noRevocations: Revocations = { tokens: new Map(), subjects: new Map() };

/** How far the clocks of gateways may be behind, which take a token for so long after its expiry. */
export const clockSkewMs = 60_000;

/** The same without the tokens that are dead by themselves. */
export function stillNeeded(all: Revocations, now: Date): Revocations {
  const needed = [...all.tokens].filter(
    ([, { until }]) => until.getTime() + clockSkewMs > now.getTime(),
  );
  return needed.length === all.tokens.size ? all : { ...all, tokens: new Map(needed) };
}

/** The text to keep. */
export function printRevocations({ tokens, subjects }: Revocations): string {
  const content = {
    tokens: [...tokens].map(([id, revoked]) => ({ id, ...revoked })),
    subjects: [...subjects].map(([subject, revoked]) => ({ subject, ...revoked })),
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}

/** What was kept as this text, or undefined where it makes no sense. */
export function parseRevocations(text: string): Revocations | undefined {
  const { tokens, subjects } = parseObject(text) ?? {};
  if (!Array.isArray(tokens) || !Array.isArray(subjects)) return undefined;
  const foundTokens = new Map(tokens.flatMap(tokenIn));
  const foundSubjects = new Map(subjects.flatMap(subjectIn));
  const whole = foundTokens.size === tokens.length && foundSubjects.size === subjects.length;
  return whole ? { tokens: foundTokens, subjects: foundSubjects } : undefined;
}

function tokenIn(value: unknown): readonly (readonly [string, RevokedToken])[] {
  const [revoked, { id, until }] = [revokedIn(value), isObject(value) ? value : {}];
  const end = dateIn(until);
  return revoked === undefined || typeof id !== "string" || end === undefined
    ? []
    : [[id, { ...revoked, until: end }]];
}

function subjectIn(value: unknown): readonly (readonly [string, Revoked])[] {
  const [revoked, { subject }] = [revokedIn(value), isObject(value) ? value : {}];
  return revoked === undefined || typeof subject !== "string" ? [] : [[subject, revoked]];
}

function revokedIn(value: unknown): Revoked | undefined {
  const { at, by } = isObject(value) ? value : {};
  const date = dateIn(at);
  return date === undefined || typeof by !== "string" ? undefined : { at: date, by };
}

function dateIn(value: unknown): Date | undefined {
  const date = typeof value === "string" ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
