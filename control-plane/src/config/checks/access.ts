// Checks who may use a route, and what a route asks of callers that have no token.

import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import { problem, type Report } from "../problem.ts";

/** Whether every caller that the route lets in has a token, as far as its `allow` could be read. */
export function hasToken({ allow, public: isPublic }: RouteConfig): boolean {
  return isPublic?.value !== true && !asksForNoToken(allow);
}

/** Certificates say who calls, where nothing that only a token has is asked for. */
export function asksForNoToken(allow: RouteConfig["allow"]): boolean {
  if (allow?.certificates === undefined) return false;
  const { claims, flawed, scopes } = allow;
  return !flawed.has("scopes") && !flawed.has("claims") && !scopes && !claims;
}

/** Why callers of a route may have no token. */
export function tokenlessWords(route: RouteConfig): string {
  return route.public?.value === true ? "is public" : "asks for a certificate and no token";
}

/** Reports what contradicts itself in who may use a route. */
export function checkAccess(
  route: RouteConfig,
  { flawed, gateway }: MeshConfig,
  report: Report,
): void {
  const { allow } = route;
  const knowsClients = !flawed.has("gateway") && !gateway.flawed.has("clients");
  if (route.public?.value === true && allow !== undefined) {
    report(problem("SC405", route.public.at, { route: route.name }));
  }
  if (allow?.certificates !== undefined && gateway.clients === undefined && knowsClients) {
    report(problem("SC421", allow.certificates.at, { route: route.name }));
  }
  const hasNoClaims = allow?.claims === undefined && allow?.flawed.has("claims") === false;
  if (allow?.scopes?.value.length === 0 && hasNoClaims) {
    const advice = "Name a scope, or write `public: true` in the route instead of `allow`.";
    report(problem("SC207", allow.scopes.at, { what: "`scopes`", advice }));
  }
  if (!hasToken(route)) checkTokenless(route, report);
}

function checkTokenless(route: RouteConfig, report: Report): void {
  const { claims, model } = route.match;
  const because = tokenlessWords(route);
  const remove = route.public?.value === true ? "Remove `public: true`" : "Add `scopes` to `allow`";
  const words = { route: route.name, because, remove };
  const [claim] = claims.values();
  if (claim !== undefined) {
    report(problem("SC404", claim.at, { ...words, uses: "matches", key: "claims" }));
  }
  if (route.sticky !== undefined) {
    const { at } = route.sticky;
    report(problem("SC404", at, { ...words, uses: "is sticky by", key: "sticky" }));
  }
  if (model !== undefined) report(problem("SC411", model.at, words));
}
