// The part of the Lua program that makes the error envelope of what an agent says.

import { againCodes, canonicalCodes, faultOfCode } from "@smartcall/protos";
import { errorDomain } from "../refusal.ts";

const rows = Object.entries(canonicalCodes).map(([name, code]) => {
  const fault = Object.entries(faultOfCode).find(([each]) => each === name)?.[1] ?? "agent";
  const retry = againCodes.has(name) ? "yes" : "no";
  return `[${code}] = { name = "${name}", fault = "${fault}", retry = "${retry}" },`;
});

/**
 * `wrap` puts a bare google.rpc.Status into the envelope. Its ErrorInfo says the
 * request's id, whose fault it is and whether to call again, as far as the agent
 * does not say so itself; where it has none, its reason is the code.
 */
export const luaErrors = String.raw`
local codes = {
  ${rows.join("\n  ")}
}

local info_type = '"@type":"type.googleapis.com/google.rpc.ErrorInfo"'

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    return string.format("\\u%04x", c:byte())
  end) .. '"'
end

-- The facts that the agent's own ErrorInfo, whose type ends at "at", does not have.
local function complete(rest, at, facts)
  local _, last = rest:find('^,"reason":"[^"]*"', at + 1)
  at = last or at
  _, last = rest:find('^,"domain":"[^"]*"', at + 1)
  at = last or at
  local _, open = rest:find('^,"metadata":{', at + 1)
  local known = open and rest:match("^[^}]*", open) or ""
  local missing = {}
  for _, fact in ipairs(facts) do
    if not known:find('"' .. fact[1] .. '":', 1, true) then
      missing[#missing + 1] = '"' .. fact[1] .. '":' .. quoted(fact[2])
    end
  end
  if #missing == 0 then return rest end
  local text = table.concat(missing, ",")
  if open == nil then return rest:sub(1, at) .. ',"metadata":{' .. text .. '}' .. rest:sub(at + 1) end
  local comma = rest:find("^}", open + 1) and "" or ","
  return rest:sub(1, open) .. text .. comma .. rest:sub(open + 1)
end

local function wrap(text, status, request_id)
  local code, rest = text:match('^{"code":(-?%d+)(.*)}%s*$')
  if code == nil then return nil end
  local row = codes[tonumber(code)] or codes[2]
  -- So that the next quote is the end of a text.
  rest = rest:gsub("\\.", { ['\\"'] = "\0" })
  if not rest:find('^,"message":') then rest = ',"message":""' .. rest end
  local retry = rest:find("type.googleapis.com/google.rpc.RetryInfo", 1, true) and "yes" or row.retry
  local facts = { { "requestId", request_id }, { "fault", row.fault }, { "retry", retry } }
  local _, at = rest:find(info_type, 1, true)
  if at ~= nil then
    rest = complete(rest, at, facts)
  else
    local info = complete('{' .. info_type .. ',"reason":"' .. row.name .. '","domain":"${errorDomain}"}',
      #info_type + 1, facts)
    local _, first = rest:find(',"details":[', 1, true)
    if first == nil then
      rest = rest .. ',"details":[' .. info .. ']'
    else
      rest = rest:sub(1, first) .. info .. "," .. rest:sub(first + 1)
    end
  end
  rest = rest:gsub("%z", '\\"')
  return '{"error":{"code":' .. status .. ',"status":"' .. row.name .. '"' .. rest .. '}}', code
end
`;
