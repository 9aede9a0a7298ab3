// The part of the Lua program that says which field a bad request is about, as its caller wrote it.

/**
 * A function of Lua, and what it needs besides `luaLists`.
 *
 * `name_field` turns the message of the transcoder, which names fields as the
 * proto does, into a plain sentence with the field's JSON path, and adds it as
 * google.rpc.BadRequest. It leaves every other message as it is.
 */
export const luaFields = String.raw`
local takes = {
  TYPE_STRING = "must be a string",
  TYPE_DOUBLE = "must be a number",
  TYPE_INT32 = "must be a whole number that fits 32 bits",
  TYPE_BOOL = "must be true or false",
  TYPE_BYTES = "must be base64",
}

local function json_path(path, name)
  if name ~= nil then path = (path == "" and "" or path .. ".") .. name end
  return (path:gsub("_(%l)", string.upper))
end

local function violation(message, list)
  local path, problem = message:match("^([%w_.%[%]]*): (.+)$")
  if path == nil then return nil end
  if problem == "Root element must be a message." then return "", "must be a JSON object" end
  if problem == "Proto field is not repeating, cannot start list." then
    if list == nil then return json_path(path), "has a list where one value belongs" end
    return json_path(path, list), "must not be a list"
  end
  local wrong, kind = problem:match("^invalid value (.+) for type ([%w_./]+)$")
  if wrong == nil then return nil end
  if wrong == "Starting an object on a scalar field" then
    if lists[kind] then return json_path(path), "must not hold objects" end
    return json_path(path, kind), "must not be an object"
  end
  local group, member = wrong:match("^oneof field '([%w_]+)' is already set%. Cannot set '([%w_]+)'$")
  if group ~= nil then
    local once = group:sub(1, 1) == "_"
    return json_path(path, member), once and "must be given once" or "must not stand beside another of its kind"
  end
  if lists[path:match("([%w_]+)$")] then return json_path(path), "must be a list" end
  if kind:find("^type%.googleapis%.com/") then return json_path(path), "must be an object" end
  return json_path(path), takes[kind] or "must have another type"
end

-- The text is JSON already; its message ends at the first quote that no backslash stands before.
local function name_field(text, list)
  if not text:find('^{"error":') then return nil end
  local before, message, after = text:gsub('\\"', "\0"):match('^(.*"message":")([^"]*)(".*)$')
  if message == nil then return nil end
  local path, problem = violation(message, list)
  if path == nil then return nil end
  local sentence = (path == "" and "the request" or path) .. " " .. problem
  text = (before .. sentence .. after):gsub("%z", '\\"')
  local _, last = text:find('"details":[', 1, true)
  if path == "" or last == nil then return text end
  return text:sub(1, last) .. '{"@type":"type.googleapis.com/google.rpc.BadRequest",'
    .. '"fieldViolations":[{"field":"' .. path .. '","description":"' .. problem .. '"}]},'
    .. text:sub(last + 1)
end
`;
