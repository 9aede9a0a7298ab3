// Parts of a refused resource, put where Envoy checks them and no call can meet them.

import { createHash } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type Route,
  RouteSchema,
  type VirtualHost,
  VirtualHostSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Resource, Snapshot } from "../snapshot/index.ts";
import type { Origin } from "../source/origin.ts";
import { routesOf } from "../translate/index.ts";
import type { RefusedResource } from "./rollout.ts";

/** One part that may be why a resource is refused. */
export interface Suspect {
  readonly route: Route;
  readonly origin: Origin | undefined;
}

/**
 * The parts that a refused resource does not share with the good one: the routes
 * of a route table. Other resources have none, they are small enough themselves.
 */
export function suspectsIn(
  candidate: Snapshot,
  good: Snapshot,
  { type, name }: Pick<RefusedResource, "type" | "name">,
): readonly Suspect[] {
  const refused = type === "route" ? candidate.route.get(name) : undefined;
  if (refused === undefined) return [];
  const before = good.route.get(name);
  const known = new Set(before === undefined ? [] : routesOf(tableOf(before)).map(bytesOf));
  return routesOf(tableOf(refused)).flatMap((route, index) =>
    known.has(bytesOf(route)) ? [] : [{ route, origin: refused.parts?.[index] }],
  );
}

/**
 * The good snapshot, with the first suspects beside it: in a virtual host of a
 * name that no request can have, since Envoy refuses a request whose host has
 * a space in it. What they lead to is there as well.
 */
export function trialSnapshot(
  candidate: Snapshot,
  good: Snapshot,
  of: Pick<RefusedResource, "type" | "name">,
  parts: number,
): Snapshot {
  const refused = candidate.route.get(of.name);
  const before = good.route.get(of.name);
  if (refused === undefined || before === undefined) return good;
  const [host] = tableOf(refused).virtualHosts;
  const tried: VirtualHost = {
    ...(host ?? create(VirtualHostSchema)),
    name: "trial",
    domains: ["a trial"],
    matcher: undefined,
    routes: suspectsIn(candidate, good, of)
      .slice(0, parts)
      .map(({ route }) => route),
  };
  const table = tableOf(before);
  const body = toBinary(RouteConfigurationSchema, {
    ...table,
    virtualHosts: [...table.virtualHosts, tried],
  });
  const version = createHash("sha256").update(body).digest("hex");
  const trial: Resource = { name: of.name, version, body };
  return {
    ...good,
    cluster: new Map([...candidate.cluster, ...good.cluster]),
    endpoint: new Map([...candidate.endpoint, ...good.endpoint]),
    route: new Map([...good.route, [of.name, trial]]),
  };
}

function tableOf({ body }: Resource): RouteConfiguration {
  return fromBinary(RouteConfigurationSchema, body);
}

function bytesOf(route: Route): string {
  return Buffer.from(toBinary(RouteSchema, route)).toString("base64");
}
