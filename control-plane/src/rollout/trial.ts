// Parts of a refused resource, put where Envoy checks them and no call can meet them.

import { createHash } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  RouteListSchema,
  VirtualHostSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Resource, Snapshot } from "../snapshot/index.ts";
import type { Origin } from "../source/origin.ts";
import { routeListsOf } from "../translate/index.ts";
import type { RefusedResource } from "./rollout.ts";

/** Which resource is refused. */
export type Refused = Pick<RefusedResource, "type" | "name">;

/** The parts of a resource that may be why it is refused, ready to be tried. */
export interface Trials {
  /** Where each part was written. */
  readonly origins: readonly (Origin | undefined)[];
  /**
   * The good snapshot, with the first parts beside it: in a virtual host of a
   * name that no request can have, since Envoy refuses a request whose host has
   * a space in it. What they lead to is there as well. Nothing is read anew, so
   * a search over a large table takes as long as the gateway does.
   */
  snapshot(candidate: Snapshot, good: Snapshot, parts: number): Snapshot;
}

/**
 * The parts that a refused resource does not share with the good one: the routes
 * of a route table. Other resources have none, they are small enough themselves.
 */
export function trialsOf(candidate: Snapshot, good: Snapshot, { type, name }: Refused): Trials {
  const refused = type === "route" ? candidate.route.get(name) : undefined;
  const before = good.route.get(name);
  if (refused === undefined || before === undefined) return { origins: [], snapshot: () => good };
  const known = new Set(routesIn(tableOf(before)).map(keyOf));
  const table = tableOf(refused);
  const suspects = routesIn(table).flatMap((bytes, index) =>
    known.has(keyOf(bytes)) ? [] : [{ bytes, origin: refused.parts?.[index] }],
  );
  const [host] = table.virtualHosts;
  const head = toBinary(VirtualHostSchema, {
    ...(host ?? create(VirtualHostSchema)),
    name: "trial",
    domains: ["a trial"],
    matcher: undefined,
    routes: [],
  });
  const routes = suspects.map(({ bytes }) => field(VirtualHostSchema.field.routes.number, bytes));
  const first = (count: number): Uint8Array => Buffer.concat([head, ...routes.slice(0, count)]);
  const hosts = RouteConfigurationSchema.field.virtualHosts.number;
  return {
    origins: suspects.map(({ origin }) => origin),
    snapshot: (ahead, beside, count) => {
      const beneath = beside.route.get(name);
      if (beneath === undefined) return beside;
      // A message goes on with what is appended to its bytes.
      const body = Buffer.concat([beneath.body, field(hosts, first(count))]);
      const version = createHash("sha256").update(body).digest("hex");
      const trial: Resource = { name, version, body };
      return {
        ...beside,
        cluster: new Map([...ahead.cluster, ...beside.cluster]),
        endpoint: new Map([...ahead.endpoint, ...beside.endpoint]),
        route: new Map([...beside.route, [name, trial]]),
      };
    },
  };
}

function tableOf({ body }: Resource): RouteConfiguration {
  return fromBinary(RouteConfigurationSchema, body);
}

/** Every route of a table as its bytes, which are not read: a large table has very many. */
function routesIn(table: RouteConfiguration): readonly Uint8Array[] {
  return routeListsOf(table).flatMap((list) => {
    const reader = new BinaryReader(list);
    const routes: Uint8Array[] = [];
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (number === RouteListSchema.field.routes.number) routes.push(reader.bytes());
      else reader.skip(wireType, number);
    }
    return routes;
  });
}

function keyOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

/** A message as a field of the one around it, in bytes. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
}
