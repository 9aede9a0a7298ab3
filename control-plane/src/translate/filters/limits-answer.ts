// How a caller is told what is left of its limits, in calls and seconds.

import type { Any } from "@bufbuild/protobuf/wkt";
import { LuaSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/lua/v3/lua_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";
import { whole } from "./limits.ts";

/**
 * Before the filters that count, so that it sees what they say: each of them what is
 * left in its bucket, in parts, the route's last limit first. What was there before,
 * said by the quota service or by an agent, is one more limit. The answer tells of
 * the limit that refused the call, otherwise of the one of which the fewest calls are left.
 */
const source = `
local whole = ${whole}

local function numbers(text)
  local found = {}
  for each in (text or ""):gmatch("%d+") do found[#found + 1] = tonumber(each) end
  return found
end

local function replace(headers, name, value)
  headers:remove(name)
  headers:add(name, string.format("%d", value))
end

local function retry_info(handle, seconds)
  if handle:headers():get("content-type") ~= "application/json" then return end
  local body = handle:body()
  if body == nil then return end
  local text = body:getBytes(0, body:length())
  local _, last = text:find('"details":[', 1, true)
  if last == nil then return end
  body:setBytes(text:sub(1, last)
    .. string.format('{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"%ds"},', seconds)
    .. text:sub(last + 1))
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local remaining = numbers(headers:get("x-ratelimit-remaining"))
  local limits = handle:metadata()
  if #remaining == 0 or limits:get("1") == nil then return end
  local refused_by = headers:get("${names.ruleHeader}")
  local told, refused
  local retry = 1
  local place = 1
  while remaining[#remaining - place + 1] ~= nil do
    local limit = limits:get(tostring(place))
    if limit == nil then break end
    local parts = math.min(whole, remaining[#remaining - place + 1])
    local this = {
      limit = limit.requests,
      remaining = math.floor(parts / limit.cost),
      reset = math.ceil((whole - parts) / whole * limit.seconds),
      retry = math.ceil((limit.cost - parts) / whole * limit.seconds),
    }
    if limit.name == refused_by then refused = this end
    if this.remaining == 0 then retry = math.max(retry, this.retry) end
    if told == nil or this.remaining < told.remaining
      or (this.remaining == told.remaining and this.reset > told.reset) then told = this end
    place = place + 1
  end
  if place <= #remaining and refused == nil then
    local other = {
      limit = numbers(headers:get("x-ratelimit-limit"))[1],
      remaining = remaining[1],
      reset = numbers(headers:get("x-ratelimit-reset"))[1],
    }
    if other.limit ~= nil and other.reset ~= nil
      and (refused_by ~= nil or other.remaining < told.remaining) then told = other end
  end
  if refused ~= nil then
    told = refused
    replace(headers, "retry-after", retry)
  end
  replace(headers, "x-ratelimit-limit", told.limit)
  replace(headers, "x-ratelimit-remaining", told.remaining)
  replace(headers, "x-ratelimit-reset", told.reset)
  if refused ~= nil then retry_info(handle, retry) end
end
`;

/** In the listener, switched off; routes with limits switch it on. */
export const limitsAnswer: Any = any(LuaSchema, {
  defaultSourceCode: { specifier: { case: "inlineString", value: source } },
  clearRouteCache: false,
});
