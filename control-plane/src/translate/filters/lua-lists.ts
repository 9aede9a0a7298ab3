// The part of the Lua programs that knows which fields of a request are lists.

import { names } from "../names.ts";

/** Where a request's program says which list it has where none may be; the key is `list`. */
export const listMetadata = `${names.metadata}.request`;

/**
 * `lone_list` finds the one key whose value is a list where none may be: of that mistake
 * the transcoder names only the object around it. It looks from each bracket backwards, and so
 * at few bytes of a request.
 */
export const luaLists = `
local lists = { messages = true, parts = true, stop = true }

local function before_spaces(text, at)
  local byte = text:byte(at)
  while byte == 32 or (byte ~= nil and byte >= 9 and byte <= 13) do
    at = at - 1
    byte = text:byte(at)
  end
  return at, byte
end

-- The key whose value begins at the bracket.
local function key_of(text, bracket)
  local at, byte = before_spaces(text, bracket - 1)
  if byte ~= 58 then return nil end
  at, byte = before_spaces(text, at - 1)
  if byte ~= 34 then return nil end
  local last = at - 1
  repeat
    at = at - 1
    byte = text:byte(at)
  until byte == nil or not (byte >= 97 and byte <= 122 or byte >= 65 and byte <= 90
    or byte >= 48 and byte <= 57 or byte == 95)
  if byte ~= 34 or at == last then return nil end
  return text:sub(at + 1, last)
end

local function lone_list(text)
  local found
  local bracket = text:find("[", 1, true)
  while bracket ~= nil do
    local key = key_of(text, bracket)
    if key ~= nil and not lists[key] then
      if found ~= nil and found ~= key then return nil end
      found = key
    end
    bracket = text:find("[", bracket + 1, true)
  end
  return found
end
`;
