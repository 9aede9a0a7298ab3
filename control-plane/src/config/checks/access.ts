// Checks who may use a route, and what a route asks of callers that have no token.

import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import { problem, type Report } from "../problem.ts";

/** Whether every caller that the route lets in has a token. */
export function hasToken({ allow, public: isPublic }: RouteConfig): boolean {
  return isPublic?.value !== true && !asksForNoToken(allow);
}

/** Certificates say who calls, where nothing that only a token has is asked for. */
export function asksForNoToken(allow: RouteConfig["allow"]): boolean {
  return (
    allow?.certificates !== undefined && allow.scopes === undefined && allow.claims === undefined
  );
}

/** Why callers of a route may have no token. */
export function tokenlessWords(route: RouteConfig): string {
  return route.public?.value === true ? "is public" : "asks for a certificate and no token";
}

/** Reports what contradicts itself in who may use a route. */
export function checkAccess(route: RouteConfig, { gateway }: MeshConfig, report: Report): void {
  const { allow } = route;
  if (route.public?.value === true && allow !== undefined) {
    report(problem("SC405", route.public.at, { route: route.name }));
  }
  if (allow?.certificates !== undefined && gateway.clients === undefined) {
    report(problem("SC421", allow.certificates.at, { route: route.name }));
  }
  if (allow?.scopes?.value.length === 0 && allow.claims === undefined) {
    const advice = "Name a scope, or write `public: true` in the route instead of `allow`.";
    report(problem("SC207", allow.scopes.at, { what: "`scopes`", advice }));
  }
  if (allow?.claims?.value.size === 0) {
    const advice = "Name a claim, or remove `claims`.";
    report(problem("SC207", allow.claims.at, { what: "`claims`", advice }));
  }
  if (!hasToken(route)) checkTokenless(route, report);
}

function checkTokenless(route: RouteConfig, report: Report): void {
  const at = route.public?.at ?? route.allow?.certificates?.at ?? route.at;
  const because = tokenlessWords(route);
  const remove = route.public?.value === true ? "Remove `public: true`" : "Add `scopes` to `allow`";
  const words = { route: route.name, because, remove };
  if (route.match.claims.size > 0) {
    report(problem("SC404", at, { ...words, uses: "matches", key: "claims" }));
  }
  if (route.sticky !== undefined) {
    report(problem("SC404", at, { ...words, uses: "is sticky by", key: "sticky" }));
  }
  if (route.match.model !== undefined) {
    report(problem("SC411", at, words));
  }
}
