// Deadlines on the way in; the error envelope, and what is left of limits, on the way out.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  LuaPerRouteSchema,
  LuaSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/lua/v3/lua_pb.js";
import { any } from "../message.ts";
import { remembered } from "../remembered.ts";
import { luaLimits } from "./limits-answer.ts";
import { luaAnswer } from "./lua-answer.ts";
import { luaRequest } from "./lua-request.ts";

const program = "call";

/** In the listener: the program for requests, which runs on the routes that name it. */
export const lua = listening(luaRequest);

/**
 * In the listener, before the filters that count: the program for answers. It is one for all
 * that is to be said of an answer, since that there is a program takes longer than what it does.
 */
export const answer = listening(`${luaAnswer}${luaLimits}
function envoy_on_response(handle)
  answer(handle)
  tell_limits(handle)
end
`);

/** Both where nothing counts calls by Envoy itself. */
export const luaOfCalls = listening(`${luaRequest}${luaAnswer}
function envoy_on_response(handle)
  answer(handle)
end
`);

function listening(source: string): Any {
  return any(LuaSchema, {
    sourceCodes: { [program]: { specifier: { case: "inlineString", value: source } } },
    // Nothing that it changes is what routes match on.
    clearRouteCache: false,
  });
}

/** On a route that has no need of it: for either program. */
export const luaOff = any(LuaPerRouteSchema, { override: { case: "disabled", value: true } });

/** On the table: for all whose answers are looked at. */
export const answerOfTable = any(LuaPerRouteSchema, {
  override: { case: "name", value: program },
});

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
