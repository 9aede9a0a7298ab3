// Deadlines on the way in, the error envelope on the way out.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  LuaPerRouteSchema,
  LuaSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/lua/v3/lua_pb.js";
import { any } from "../message.ts";
import { luaSource } from "./lua-source.ts";

/** In the listener: shapes errors; deadlines only where a route has a bound. */
export const lua = any(LuaSchema, {
  defaultSourceCode: { specifier: { case: "inlineString", value: luaSource } },
  // Nothing that it changes is what routes match on.
  clearRouteCache: false,
});

/** On a route: the longest that a call may take. */
export function luaPerRoute(timeoutMs: number): Any {
  return any(LuaPerRouteSchema, { filterContext: { timeoutMs } });
}
