// Whether a reader may call an agent, as far as its token says.

import type { Allow, ClaimRule } from "../model/allow.ts";
import type { Route } from "../model/mesh.ts";
import { claimValues, type Reader, scopesOf } from "./reader.ts";

/**
 * Whether one of an agent's routes would take a call of the reader's. What only a call
 * says counts as said: its headers, its model, its path, the caller's address and certificate.
 *
 * @param routes those of the agent, in matching order
 */
export function mayCall(routes: readonly Route[], reader: Reader): boolean {
  for (const { allow, match } of routes) {
    const { claims, headers, models, path } = match;
    const fits = Object.entries(claims).every(([claim, rule]) =>
      claimFits(reader?.[claim] === undefined ? [] : [reader[claim]], rule),
    );
    if (!fits) continue;
    if (allows(allow, reader)) return true;
    const takesAll =
      Object.keys(headers).length === 0 && models === undefined && path === undefined;
    if (takesAll) return false;
  }
  return false;
}

function allows(allow: Allow, reader: Reader): boolean {
  if (allow.kind === "public") return true;
  const { claims = {}, scopes, withoutToken = false } = allow;
  const given = scopesOf(reader);
  if (reader === undefined && !(withoutToken && scopes.length === 0)) return false;
  return (
    scopes.every((scope) => given.includes(scope)) &&
    Object.entries(claims).every(([claim, rule]) => claimFits(claimValues(reader, claim), rule))
  );
}

function claimFits(values: readonly unknown[], rule: ClaimRule): boolean {
  if (rule === "present") return values.length > 0;
  const texts = values.flatMap((value) => (Array.isArray(value) ? value : [value]));
  return texts.some((value) => rule.includes(textOf(value)));
}

/** A number, `true` and `false` are what JSON writes them as. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
