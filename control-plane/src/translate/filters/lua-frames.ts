// Lets only whole messages of an agent's stream reach the transcoder: Envoy 1.40 does not outlive others.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  LuaPerRouteSchema,
  LuaSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/lua/v3/lua_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";

/** The longest message of a stream; one that says it is longer never ends, nor does what is after it. */
const longest = 16 * 1024 * 1024;

/** Where it is noted that a call is answered by a stream: by its path of REST, or by its method. */
export const framesMetadata = {
  space: `${names.metadata}.frames`,
  path: "path",
  method: "method",
} as const;

/** The calls of the contract: of them the program for requests notes it, which looks at each. */
const byPath = "frames";
/** Where an agent has methods of its own, whose paths of REST it says itself. */
const byMethod = "own-frames";

/** Notes it of a call that has been translated. */
const noting = `
function envoy_on_request(handle)
  local path, streams = handle:headers():get(":path"), handle:filterContext():get("streams")
  if path == "/${names.service}/Stream" or streams and streams[path] then
    handle:streamInfo():dynamicMetadata():set("${framesMetadata.space}", "${framesMetadata.method}", "yes")
  end
end
`;

/**
 * Where a translated stream ends inside a message, the transcoder resets it while its
 * trailers are under way, and Envoy reads what is no more there: one broken agent would
 * end the calls of all. So what is not a whole message yet waits here, and is forgotten
 * where it never becomes one. The caller sees a stream without a last event, which is
 * how a broken one is told.
 *
 * https://grpc.github.io/grpc/core/md_doc__p_r_o_t_o_c_o_l-_h_t_t_p2.html
 *
 * @param noted by what it is noted
 */
const holding = (noted: string): string => `
-- Where the whole messages of these bytes end, and how many bytes the next one needs.
local function whole(bytes)
  local at, size = 1, #bytes
  while size - at >= 4 do
    local a, b, c, d = bytes:byte(at + 1, at + 4)
    local need = 5 + ((a * 256 + b) * 256 + c) * 256 + d
    if size - at + 1 < need then return at, need end
    at = at + need
  end
  return at, 5
end

function envoy_on_response(handle)
  local noted = handle:streamInfo():dynamicMetadata():get("${framesMetadata.space}")
  if noted == nil or noted["${noted}"] == nil then return end
  -- What Envoy itself answers is no message.
  if not (handle:headers():get("content-type") or ""):find("^application/grpc") then return end
  local held, have, need = {}, 0, 5
  for chunk in handle:bodyChunks() do
    local length = chunk:length()
    if need > ${longest} then
      chunk:setBytes("")
    elseif length > 0 then
      held[#held + 1] = chunk:getBytes(0, length)
      have = have + length
      if have < need then
        chunk:setBytes("")
      else
        local bytes = table.concat(held)
        local at, next_need = whole(bytes)
        if at <= #bytes or #held > 1 then chunk:setBytes(bytes:sub(1, at - 1)) end
        have, need = #bytes - at + 1, next_need
        held = have > 0 and { bytes:sub(at) } or {}
      end
    end
  end
end
`;

/** In the listener: the programs, which run on the routes that name one. */
export const luaFrames = any(LuaSchema, {
  sourceCodes: {
    [byPath]: { specifier: { case: "inlineString", value: holding(framesMetadata.path) } },
    [byMethod]: {
      specifier: { case: "inlineString", value: `${noting}${holding(framesMetadata.method)}` },
    },
  },
  clearRouteCache: false,
});

/** On the table of routes, for all whose answers are translated. */
export const luaFramesOfTable = any(LuaPerRouteSchema, {
  override: { case: "name", value: byPath },
});

/**
 * The same where an agent has methods of its own.
 *
 * @param streams the paths by gRPC of those that are answered by a stream
 */
export function luaFramesWith(streams: readonly string[]): Any {
  return any(LuaPerRouteSchema, {
    override: { case: "name", value: byMethod },
    filterContext: { streams: Object.fromEntries(streams.map((path) => [path, true])) },
  });
}

/** On a route whose answers are not. */
export const luaFramesOff = any(LuaPerRouteSchema, {
  override: { case: "disabled", value: true },
});
