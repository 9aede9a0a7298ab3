// Deadlines on the way in, the error envelope on the way out.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  LuaPerRouteSchema,
  LuaSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/lua/v3/lua_pb.js";
import { any } from "../message.ts";
import { remembered } from "../remembered.ts";
import { luaSource } from "./lua-source.ts";

const program = "call";

/** In the listener: the program, which runs on the routes that name it. */
export const lua = any(LuaSchema, {
  sourceCodes: { [program]: { specifier: { case: "inlineString", value: luaSource } } },
  // Nothing that it changes is what routes match on.
  clearRouteCache: false,
});

/** On a route that has no need of it. */
export const luaOff = any(LuaPerRouteSchema, { override: { case: "disabled", value: true } });

/**
 * On the table, or a route: the longest that a call may take.
 *
 * @param open paths of agents' own methods whose callers send many messages by gRPC
 */
export function luaPerRoute(timeoutMs: number, open: readonly string[] = []): Any {
  return byTimeout.of([timeoutMs, ...open].join(" "), () =>
    any(LuaPerRouteSchema, {
      override: { case: "name", value: program },
      filterContext: {
        timeoutMs,
        ...(open.length > 0 && { open: Object.fromEntries(open.map((path) => [path, true])) }),
      },
    }),
  );
}

const byTimeout = remembered<Any>(1_000);
