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

/** On the table, or a route: the longest that a call may take. */
export function luaPerRoute(timeoutMs: number): Any {
  return byTimeout.of(`${timeoutMs}`, () =>
    any(LuaPerRouteSchema, {
      override: { case: "name", value: program },
      filterContext: { timeoutMs },
    }),
  );
}

const byTimeout = remembered<Any>(1_000);
