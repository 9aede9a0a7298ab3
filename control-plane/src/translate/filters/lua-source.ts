// The program of the Lua filter.

import { errorDomain } from "../refusal.ts";
import { graceMs } from "./deadline.ts";

/**
 * On the way in it gives the agent a deadline: what the caller asks for, by
 * `grpc-timeout` or `x-request-timeout-ms`, within the route's bound, and Envoy
 * a little more. On the way out it wraps the bare google.rpc.Status that the
 * transcoder writes, and names the field that a bad request is about.
 *
 * A successful answer costs it one look at the status.
 */
export const luaSource = String.raw`
local unit = { H = 3600000, M = 60000, S = 1000, m = 1, u = 0.001, n = 0.000001 }

local function milliseconds(grpc_timeout)
  local digits, letter = grpc_timeout:match("^(%d+)([HMSmun])$")
  if digits == nil or #digits > 8 then return nil end
  return math.ceil(tonumber(digits) * unit[letter])
end

local function refuse(handle, name, meaning)
  handle:respond({ [":status"] = "400" }, name .. ": " .. meaning)
end

function envoy_on_request(handle)
  local bound = handle:filterContext():get("timeoutMs")
  local headers = handle:headers()
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
  headers:replace("grpc-timeout", string.format("%dm", limit))
  if limit < bound then
    headers:replace("x-envoy-upstream-rq-timeout-ms", string.format("%d", limit + ${graceMs}))
  end
end

local names = {
  "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
  "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    return string.format("\\u%04x", c:byte())
  end) .. '"'
end

local function error_info(reason, request_id)
  return '{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":' .. quoted(reason)
    .. ',"domain":"${errorDomain}","metadata":{"requestId":' .. quoted(request_id) .. '}}'
end

local function wrap(text, status, request_id)
  local code, rest = text:match('^{"code":(%d+)(.*)}%s*$')
  if code == nil then return nil end
  local name = names[tonumber(code)] or "UNKNOWN"
  if not rest:find('^,"message":') then rest = ',"message":""' .. rest end
  local first, last = rest:find(',"details":[', 1, true)
  local info = error_info(name, request_id)
  if first == nil then
    rest = rest .. ',"details":[' .. info .. ']'
  elseif rest:find("type.googleapis.com/google.rpc.ErrorInfo", last, true) == nil then
    rest = rest:sub(1, last) .. info .. "," .. rest:sub(last + 1)
  else
    rest = rest:sub(1, last) .. '{"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":'
      .. quoted(request_id) .. '},' .. rest:sub(last + 1)
  end
  return '{"error":{"code":' .. status .. ',"status":"' .. name .. '"' .. rest .. '}}', code
end

-- Only the message of the transcoder says which field has a value of a wrong type. Its text is
-- JSON already, and ends at the first quote that no backslash stands before.
local function name_field(text)
  if not text:find('^{"error":') then return nil end
  local field, problem = (text:gsub('\\"', "\0")):match('"message":"([%w_.%[%]]+): (invalid value [^"]*)"')
  if field == nil then return nil end
  -- The transcoder names fields as the proto does, and callers write JSON.
  local path = field:gsub("_(%l)", string.upper)
  local from, to = text:find('"message":"' .. field, 1, true)
  text = text:sub(1, from - 1) .. '"message":"' .. path .. text:sub(to + 1)
  local _, last = text:find('"details":[', 1, true)
  if last == nil then return text end
  return text:sub(1, last) .. '{"@type":"type.googleapis.com/google.rpc.BadRequest",'
    .. '"fieldViolations":[{"field":"' .. path .. '","description":"'
    .. problem:gsub("%z", '\\"') .. '"}]},' .. text:sub(last + 1)
end

function envoy_on_response(handle)
  local headers = handle:headers()
  local status = headers:get(":status")
  if status < "400" or headers:get("content-type") ~= "application/json" then return end
  local request_id = headers:get("x-request-id") or ""
  -- The headers of before cannot be used once the body was waited for.
  local body = handle:body()
  if body == nil then return end
  local bytes = body:getBytes(0, body:length())
  local text = status == "400" and name_field(bytes)
  local code
  if not text then text, code = wrap(bytes, status, request_id) end
  if not text then return end
  body:setBytes(text)
  if code ~= nil then handle:headers():replace("grpc-status", code) end
end
`;
