// The program of the Lua filter for requests: deadlines, and what the answer's program must know of them.

import { names } from "../names.ts";
import { deadlineSlackMs, expiryHeader, streamBound } from "./deadline.ts";
import { framesMetadata } from "./lua-frames.ts";
import { listMetadata, luaLists } from "./lua-lists.ts";

/**
 * It gives the agent a deadline: what the caller asks for, by `grpc-timeout` or
 * `x-request-timeout-ms`, within the route's bound, and Envoy a little more; Envoy ends the
 * call a little after the caller's token does, if its agent has not; and it waits for the
 * message of a native call that has one, so that none is larger than Envoy lets it wait for.
 * A REST call costs it a look at the body: what is wrong with that, the transcoder says less
 * exactly.
 */
export const luaRequest = `
${luaLists}
-- Larger bodies are not searched; what is wrong with them is told less exactly.
local searched_bytes = 65536

local unit = { H = 3600000, M = 60000, S = 1000, m = 1, u = 0.001, n = 0.000001 }

local function milliseconds(grpc_timeout)
  local digits, letter = grpc_timeout:match("^(%d+)([HMSmun])$")
  if digits == nil or #digits > 8 then return nil end
  return math.ceil(tonumber(digits) * unit[letter])
end

-- For how long the token is good still, in milliseconds; Envoy takes one that has just expired.
local function trusted(handle, expires)
  local seconds = expires ~= nil and tonumber(expires)
  if not seconds then return math.huge end
  return math.max(0, seconds * 1000 - tonumber(handle:timestamp()))
end

local function refuse(handle, name, meaning)
  handle:respond({ [":status"] = "400" }, name .. ": " .. meaning)
end

function envoy_on_request(handle)
  local bound = handle:filterContext():get("timeoutMs")
  local headers = handle:headers()
  -- Routing takes a call whose any value fits.
  if headers:getNumValues("${names.agentHeader}") > 1 then
    return refuse(handle, "${names.agentHeader}", "must be given once")
  end
  local limit = bound
  local asked = headers:get("grpc-timeout")
  if asked ~= nil then
    local ms = milliseconds(asked)
    if ms == nil then
      return refuse(handle, "grpc-timeout", "must be up to 8 digits and one of H, M, S, m, u, n")
    end
    limit = math.min(limit, ms)
  end
  local header = headers:get("x-request-timeout-ms")
  if header ~= nil then
    if not header:match("^[1-9]%d*$") or #header > 8 then
      return refuse(handle, "x-request-timeout-ms",
        "must be a whole number of milliseconds from 1 to 99999999")
    end
    limit = math.min(limit, tonumber(header))
  end
  headers:replace("grpc-timeout", math.floor(limit) .. "m")
  local left = trusted(handle, headers:get("${expiryHeader}")) + ${deadlineSlackMs}
  if left < bound then headers:replace("${streamBound.header}", math.floor(left) .. "") end
  -- Also by the token: that bound begins anew where a call is tried again.
  limit = math.min(limit, left)
  if limit < bound then
    headers:replace("x-envoy-upstream-rq-timeout-ms", math.floor(limit) + ${deadlineSlackMs} .. "")
  end
  local path = headers:get(":path") or ""
  if path:find("^[^:?]*:stream") then
    handle:streamInfo():dynamicMetadata():set("${framesMetadata.space}", "${framesMetadata.path}", "yes")
  end
  if (headers:get("content-type") or ""):find("^application/grpc") then
    local open = handle:filterContext():get("open")
    if not path:find("/Converse$") and not (open and open[path]) then handle:body() end
    return
  end
  -- The headers of before cannot be used once the body was waited for.
  local body = handle:body()
  if body == nil or body:length() > searched_bytes then return end
  local list = lone_list(body:getBytes(0, body:length()))
  if list ~= nil then handle:streamInfo():dynamicMetadata():set("${listMetadata}", "list", list) end
end
`;
