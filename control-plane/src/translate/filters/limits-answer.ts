// The part of the Lua program for answers that tells a caller what is left of its limits, in calls and seconds.

import { names } from "../names.ts";
import { whole } from "./limits.ts";

/** Where a route's metadata, under the name of the answers' filter, describes its limits. */
export const limitsKey = "limits";

/** One limit as the program reads it. */
interface ToldLimit {
  readonly name: string;
  readonly requests: number;
  readonly cost: number;
  readonly seconds: number;
}

/** A route's limits, by their places, as one text: a table would be made anew for each call. */
export function limitsText(limits: readonly ToldLimit[]): string {
  return limits
    .map(({ cost, name, requests, seconds }) => `${requests} ${cost} ${seconds} ${name}`)
    .join("\n");
}

/** So many routes' limits it keeps as it has read them; then it begins anew. */
const mostKnown = 1_000;

/**
 * `tell_limits` runs before the filters that count, so that it sees what they say: each of
 * them what is left in its bucket, in parts, the route's last limit first. What was there
 * before, said by the quota service or by an agent, is one more limit. The answer tells of
 * the limit that refused the call, otherwise of the one of which the fewest calls are left.
 */
export const luaLimits = `
local whole = ${whole}

local function numbers(text)
  local found = {}
  for each in (text or ""):gmatch("%d+") do found[#found + 1] = tonumber(each) end
  return found
end

-- What routes say is the same for all their calls.
local known, size = {}, 0

local function limits_of(text)
  local limits = known[text]
  if limits ~= nil then return limits end
  limits = {}
  for requests, cost, seconds, name in text:gmatch("(%d+) (%d+) (%d+) ([^\\n]*)") do
    limits[#limits + 1] = {
      requests = tonumber(requests), cost = tonumber(cost), seconds = tonumber(seconds), name = name,
    }
  end
  if size == ${mostKnown} then known, size = {}, 0 end
  known[text], size = limits, size + 1
  return limits
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

local function tell_limits(handle)
  local headers = handle:headers()
  local remaining = numbers(headers:get("x-ratelimit-remaining"))
  if #remaining == 0 then return end
  local text = handle:metadata():get("${limitsKey}")
  if text == nil then return end
  local limits = limits_of(text)
  local refused_by = headers:get("${names.ruleHeader}")
  local told, refused
  local retry = 1
  local place = 1
  while remaining[#remaining - place + 1] ~= nil do
    local limit = limits[place]
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
      and (refused_by ~= nil or other.remaining < told.remaining) then
      -- Whatever large numbers an agent says.
      for name, value in pairs(other) do other[name] = string.format("%d", value) end
      told = other
    end
  end
  if refused ~= nil then
    told = refused
    headers:replace("retry-after", retry .. "")
  end
  headers:replace("x-ratelimit-limit", told.limit .. "")
  headers:replace("x-ratelimit-remaining", told.remaining .. "")
  headers:replace("x-ratelimit-reset", told.reset .. "")
  if refused ~= nil then retry_info(handle, retry) end
end
`;
