// What a route tells the quota service of each of its calls, at its start and at its end.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  RateLimit_Action_MetaData_Source,
  type RateLimit_ActionSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { RateLimitPerRouteSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/ratelimit/v3/rate_limit_pb.js";
import { DescriptorSchema } from "@smartcall/envoy/api/envoy/extensions/rate_limit_descriptors/expr/v3/expr_pb.js";
import type { Budget, BudgetKey } from "../../model/budget.ts";
import { type Counted, countedText } from "../../model/limit.ts";
import type { Route } from "../../model/mesh.ts";
import type { EnvoyRoute } from "../call-match.ts";
import { any, type PartsOf } from "../message.ts";
import { names } from "../names.ts";
import { claimValue } from "./claim-value.ts";
import { luaUsagePerRoute, type UsageOfRoute, usageMetadata } from "./lua-usage.ts";
import { reservationPerRoute } from "./reservation.ts";
import { switchingOn } from "./switching-on.ts";

/** What the quota service counts of a route's calls. */
export interface RouteQuota extends UsageOfRoute {
  /** All that calls are counted by, in the order of their texts. */
  readonly by: readonly Counted[];
  /** Calls pass uncounted while the service does not answer. */
  readonly open: boolean;
  /** Of calls between agents: they are paid, and met by no limits. */
  readonly inside?: boolean;
}

/**
 * What the quota service counts of a route; undefined where that is nothing.
 *
 * @param budgets all of the mesh, by name
 */
export function quotaOf(
  { budget, limits = [], retry, to }: Pick<Route, "budget" | "limits" | "retry" | "to">,
  budgets: ReadonlyMap<string, Budget>,
): RouteQuota | undefined {
  const counted = limits.filter((limit) => limit.kind === "concurrent" || longWindow(limit.per));
  if (budget === undefined && counted.length === 0) return undefined;
  const by = new Map<string, Counted>();
  const add = (key: Counted | BudgetKey): void => {
    // Those are one for all, and the service knows them by their names.
    if (key.kind !== "mesh" && key.kind !== "route") by.set(countedText(key), key);
  };
  for (const limit of counted) add(limit.by);
  for (const each of chainOf(budget?.of, budgets)) add(each.by);
  return {
    by: [...by].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, key]) => key),
    open: budget?.unavailable === "allow",
    several: to.length > 1,
    again: retry !== undefined && retry.on.length > 0,
  };
}

/** On a route: the filter that it wants of the two, and the one that notes what was used. */
export function quotaPerRoute(
  route: string,
  quota: RouteQuota | undefined,
): Readonly<Record<string, Any>> {
  if (quota === undefined) return {};
  return Object.fromEntries(
    quotaFiltersOf(quota).map((filter) => [filter, told[filter](route, quota)]),
  );
}

/** The filters of which `quotaPerRoute` says what they do. */
export const quotaFilters = [
  names.reservation,
  names.quotaOpen,
  names.quotaClosed,
  names.quotaEnd,
  names.usage,
] as const;

type QuotaFilter = (typeof quotaFilters)[number];

/** Those that a route's calls pass, in their order. */
function quotaFiltersOf({ inside, open }: RouteQuota): readonly QuotaFilter[] {
  return [
    ...(inside ? [names.reservation] : []),
    open ? names.quotaOpen : names.quotaClosed,
    names.quotaEnd,
    names.usage,
  ];
}

/** What each of them is told of a route. */
const told: Readonly<Record<QuotaFilter, (route: string, quota: RouteQuota) => Any>> = {
  [names.reservation]: () => reservationPerRoute,
  [names.quotaOpen]: reserving,
  [names.quotaClosed]: reserving,
  [names.quotaEnd]: (_, { inside }) => (inside ? endedInside : ended),
  [names.usage]: (_, quota) => luaUsagePerRoute(quota),
};

function reserving(route: string, quota: RouteQuota): Any {
  return any(RateLimitPerRouteSchema, { rateLimits: [{ actions: reserve(route, quota) }] });
}

/**
 * Switches on what one of the agent's routes needs, on every one of Envoy's for this agent:
 * each filter takes its time, and most agents have nothing that the quota service counts.
 *
 * @param quotas of all routes of one agent
 */
export function withQuotaOn(
  quotas: readonly (RouteQuota | undefined)[],
): (route: EnvoyRoute) => EnvoyRoute {
  const wanted = quotas.flatMap((quota) => (quota === undefined ? [] : quotaFiltersOf(quota)));
  return switchingOn([...new Set(wanted)].sort());
}

type Action = PartsOf<typeof RateLimit_ActionSchema>;

function reserve(route: string, { by, inside }: RouteQuota): Action[] {
  const asked = [fixed("phase", "reserve"), fixed("route", route)];
  const call = inside ? [fixed("inside", "yes"), idInside] : [id];
  return [...asked, ...call, ...by.map(counted)];
}

const id = idIn("x-request-id");
const idInside = idIn(names.reservationHeader);

function idIn(headerName: string): Action {
  const value = { headerName, descriptorKey: "id" };
  return { actionSpecifier: { case: "requestHeaders", value } };
}

const used: Action = {
  actionSpecifier: {
    case: "metadata",
    value: {
      descriptorKey: "usage",
      metadataKey: keyOf(usageMetadata.namespace, [usageMetadata.usage]),
      // No filter before the last let it pass.
      defaultValue: "unsent",
      source: RateLimit_Action_MetaData_Source.DYNAMIC,
    },
  },
};

/**
 * Of a call that ended while the connection to its agent was made, and no other: of that the
 * program that notes what was used sees nothing, or no more than that the call's time was over.
 * Envoy tells of the last try alone, so where there was another one there is no such entry.
 * https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes#upstream-attributes
 */
const unreached: Action = {
  actionSpecifier: {
    case: "extension",
    value: {
      name: "unreached",
      typedConfig: any(DescriptorSchema, {
        descriptorKey: "reached",
        skipIfError: true,
        exprSpecifier: {
          case: "text",
          // What an empty map does not have is an error, and so no entry.
          value: `upstream.request_attempt_count == 1u && !has(upstream.cx_pool_ready_duration) ? 'no' : {}['']`,
        },
      }),
    },
  },
};

/** The same on every route. */
const ended = endOf(id);
const endedInside = endOf(idInside);

function endOf(call: Action): Any {
  const actions = [fixed("phase", "settle"), call, used, unreached];
  return any(RateLimitPerRouteSchema, { rateLimits: [{ actions, applyOnStreamDone: true }] });
}

/** Whoever lacks the claim has no entry, so the service counts all of them as one. */
function counted(by: Counted): Action {
  if (by.kind === "address") return address;
  const descriptorKey = `by:${countedText(by)}`;
  if (by.kind === "claim") {
    const typedConfig = claimValue(descriptorKey, JSON.stringify(by.claim));
    return { actionSpecifier: { case: "extension", value: { name: "claim", typedConfig } } };
  }
  // As for limits that Envoy counts: by then it is a header.
  const value = { headerName: names.subjectHeader, descriptorKey, skipIfAbsent: true };
  return { actionSpecifier: { case: "requestHeaders", value } };
}

/** Its key is always `masked_remote_address`. Whoever has an IPv6 address has its whole network. */
const address: Action = {
  actionSpecifier: {
    case: "maskedRemoteAddress",
    value: { v4PrefixMaskLen: 32, v6PrefixMaskLen: 64 },
  },
};

function fixed(descriptorKey: string, descriptorValue: string): Action {
  return { actionSpecifier: { case: "genericKey", value: { descriptorKey, descriptorValue } } };
}

function keyOf(key: string, path: readonly string[]) {
  return { key, path: path.map((each) => ({ segment: { case: "key" as const, value: each } })) };
}

function longWindow(per: string): boolean {
  return per === "hour" || per === "day";
}

/** A budget with those that it is within; a chain that is no chain ends where it repeats. */
function chainOf(
  name: string | undefined,
  budgets: ReadonlyMap<string, Budget>,
): readonly Budget[] {
  const chain = new Set<Budget>();
  let next = name === undefined ? undefined : budgets.get(name);
  while (next !== undefined && !chain.has(next)) {
    chain.add(next);
    next = next.within === undefined ? undefined : budgets.get(next.within);
  }
  return [...chain];
}
