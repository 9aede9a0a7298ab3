// What a call used, as its agent tells it at the end, for the quota service.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  LuaPerRouteSchema,
  LuaSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/lua/v3/lua_pb.js";
import { any } from "../message.ts";
import { remembered } from "../remembered.ts";

/** Where the program writes, and the quota filters read when a call ends. */
export const usageMetadata = { namespace: "smartcall.usage", usage: "usage" } as const;

/** The header by which Envoy tells the program how a call reached whom. */
const reachedHeader = "smartcall-reached";

/** Which values of Envoy's that header has: of the route that counts. */
export const reached = {
  key: reachedHeader,
  value: "%RESPONSE_FLAGS% %UPSTREAM_REQUEST_ATTEMPT_COUNT% %UPSTREAM_CLUSTER%",
} as const;

/**
 * The last filter before the router, so what it sees has passed all others, and what
 * it sees of the answer is what the agent said, in gRPC's own form for every door.
 *
 * A call is `none` once it is on its way: its agent may have used anything. It is
 * `unsent` again where Envoy reached no agent. What the agent says in its trailer
 * `smartcall-usage` takes the place of both, with the name of the agent where there
 * are several. What is not of the right form says nothing.
 */
const source = `
local space = "${usageMetadata.namespace}"

local function read(text)
  if text == nil then return nil end
  local input, output = text:match("^input=(%d+);output=(%d+)$")
  if input == nil or #input > 10 or #output > 10 then return nil end
  return text
end

-- Where calls are tried again that an agent took, one that took it may be among the failed.
local function unreached(flags, attempts, again)
  if again and attempts ~= "1" then return false end
  for flag in flags:gmatch("%u+") do
    if flag == "UH" or flag == "UF" or flag == "NC" or flag == "UO" then return true end
  end
  return false
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local counted = headers:get("smartcall-quota") ~= nil
  headers:remove("smartcall-quota")
  handle:streamInfo():dynamicMetadata():set(space, "counted", counted and "yes" or "no")
  -- An agent begins with the message; a body that cannot be translated never becomes one.
  for _ in handle:bodyChunks() do
    return handle:streamInfo():dynamicMetadata():set(space, "${usageMetadata.usage}", "none")
  end
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local flags, attempts, cluster = (headers:get("${reachedHeader}") or ""):match("^(%S+) (%S+) (%S+)$")
  headers:remove("${reachedHeader}")
  local metadata = handle:streamInfo():dynamicMetadata()
  local noted = metadata:get(space)
  if noted == nil then return end
  if noted.counted == "no" then headers:replace("smartcall-quota", "unavailable") end
  -- Nothing of Envoy's own can be used once the trailers were waited for.
  local context = handle:filterContext()
  local several, again = context:get("several"), context:get("again")
  local usage = read(headers:get("smartcall-usage"))
  if usage == nil then
    if flags ~= nil and unreached(flags, attempts, again) then
      return metadata:set(space, "${usageMetadata.usage}", "unsent")
    end
    local trailers = handle:trailers()
    usage = trailers ~= nil and read(trailers:get("smartcall-usage"))
  end
  if not usage then return end
  if several and cluster ~= nil then usage = usage .. ";agent=" .. cluster end
  handle:streamInfo():dynamicMetadata():set(space, "${usageMetadata.usage}", usage)
end
`;

const program = "usage";

/** In the listener: the program, which runs on the routes that name it. */
export const luaUsage = any(LuaSchema, {
  sourceCodes: { [program]: { specifier: { case: "inlineString", value: source } } },
  clearRouteCache: false,
});

/** What the program must know of a route. */
export interface UsageOfRoute {
  /** Several agents may answer. */
  readonly several: boolean;
  /** Calls are tried again that an agent took. */
  readonly again: boolean;
}

/** On a route: notes what its calls used. */
export function luaUsagePerRoute({ several, again }: UsageOfRoute): Any {
  return made.of(`${several} ${again}`, () =>
    any(LuaPerRouteSchema, {
      override: { case: "name", value: program },
      filterContext: { several, again },
    }),
  );
}

const made = remembered<Any>(10);
