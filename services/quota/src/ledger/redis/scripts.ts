// What Redis does in one step: a Lua script for each thing that the ledger does.
//
// They say the same as `../level.ts` does for SQLite; one file of cases holds for both. Whole
// numbers are written with %.0f, for Lua's own way rounds those of more than 14 digits. A row is
// found by the call's id, and names the accounts that it took from: all keys of a ledger share
// one hash tag, so that they are in one slot of a cluster.

import { createHash } from "node:crypto";

/** A script, and the name that Redis knows it by once it ran. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

const shared = `
local function number(text) return tonumber(text) or 0 end
local function whole(value) return string.format('%.0f', value) end

local function each(charge)
  return math.max(charge.dearest.input, charge.dearest.output)
end

local function charged(charge, taken, usage)
  if charge.kind == 'request' then return taken end
  if charge.kind == 'slot' then return 0 end
  if usage.kind == 'unknown' then return taken end
  if usage.kind == 'unsent' then return 0 end
  local rate = charge.dearest
  if usage.agent and charge.byAgent[usage.agent] then rate = charge.byAgent[usage.agent] end
  return math.min(1e15, usage.input * rate.input + usage.output * rate.output)
end

-- What is long over and forgotten is not begun again, but by a reservation.
local function add(key, used, reserved, kind)
  if kind ~= 'new' and redis.call('EXISTS', key) == 0 then return end
  local sums = redis.call('HMGET', key, 'used', 'reserved')
  local u = math.min(9007199254740991, math.max(0, number(sums[1]) + used))
  local r = math.max(0, number(sums[2]) + reserved)
  if kind == 'slot' and r == 0 then redis.call('DEL', key) return end
  redis.call('HSET', key, 'used', whole(u), 'reserved', whole(r))
end

local function resetsOf(key) return number(redis.call('HGET', key, 'resets')) end

-- Charges the accounts of a row, and says what it charged each, and how often each had been
-- reset: what was charged before a reset is not given back after it.
local function chargeLevels(row, usage)
  local levels = cjson.decode(row[1])
  local taken = cjson.decode(row[2])
  local before = row[3] and cjson.decode(row[3])
  local resetsBefore = row[4] and cjson.decode(row[4]) or {}
  local texts = {}
  local resets = {}
  for place, level in ipairs(levels) do
    local amount = charged(level.charge, taken[place], usage)
    if not before then
      add(level.key, amount, -taken[place], level.charge.kind)
    elseif level.charge.kind ~= 'slot' then
      local more = amount - before[place]
      if resetsOf(level.key) ~= (resetsBefore[place] or 0) then more = math.max(0, more) end
      add(level.key, more, 0)
    end
    texts[place] = whole(amount)
    resets[place] = whole(resetsOf(level.key))
  end
  return '[' .. table.concat(texts, ',') .. ']', '[' .. table.concat(resets, ',') .. ']'
end

local function find(key) return redis.call('HMGET', key, 'levels', 'taken', 'charged', 'resets') end

local function charge(key, row, usage)
  local amounts, resets = chargeLevels(row, usage)
  redis.call('HSET', key, 'charged', amounts, 'resets', resets)
end
`;

/** KEYS: row, expiries. ARGV: id, expires, tokens, minimum, levels. */
export const reserveScript = script(`
local levels = cjson.decode(ARGV[5])
local counts = {}
for place, level in ipairs(levels) do
  local sums = redis.call('HMGET', level.key, 'used', 'reserved', 'most')
  local most = level.most
  if sums[3] then most = number(sums[3]) end
  counts[place] = { most, number(sums[1]), number(sums[2]) }
end
local before = redis.call('HGET', KEYS[1], 'tokens')
local granted = number(before or ARGV[3])
local least = math.max(1, number(ARGV[4]))
if not before then
  for place, level in ipairs(levels) do
    local left = counts[place][1] - counts[place][2] - counts[place][3]
    local refused = false
    if level.charge.kind == 'tokens' then
      if each(level.charge) > 0 then
        granted = math.min(granted, math.floor(left / each(level.charge)))
      end
      refused = granted < least
    else
      refused = left < 1
    end
    if refused then return { 0, place - 1, counts[place] } end
  end
  local texts = {}
  for place, level in ipairs(levels) do
    local taken = 1
    if level.charge.kind == 'tokens' then taken = granted * each(level.charge) end
    texts[place] = whole(taken)
    counts[place][3] = counts[place][3] + taken
    add(level.key, 0, taken, 'new')
    if level.forget then redis.call('PEXPIRE', level.key, whole(level.forget)) end
  end
  redis.call('HSET', KEYS[1], 'tokens', whole(granted), 'levels', ARGV[5],
    'taken', '[' .. table.concat(texts, ',') .. ']')
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
end
return { 1, granted, counts }`);

/** KEYS: row, expiries. ARGV: id, usage. */
export const settleScript = script(`
local row = find(KEYS[1])
if not row[1] then return 0 end
chargeLevels(row, cjson.decode(ARGV[2]))
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1`);

/** KEYS: row, expiries. ARGV: id, until when it is kept. */
export const releaseScript = script(`
local row = find(KEYS[1])
if not row[1] or row[3] then return 0 end
charge(KEYS[1], row, { kind = 'unsent' })
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1`);

/** KEYS: what the keys of rows begin with, expiries. ARGV: now, until when they are kept, how many. */
export const expireScript = script(`
local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local count = 0
for _, id in ipairs(ids) do
  local key = KEYS[1] .. id
  local row = find(key)
  if row[1] and not row[3] then
    charge(key, row, { kind = 'unknown' })
    redis.call('ZADD', KEYS[2], ARGV[2], id)
    count = count + 1
  else
    redis.call('DEL', key)
    redis.call('ZREM', KEYS[2], id)
  end
end
return { count, #ids }`);

/**
 * KEYS: account. ARGV: `set`, `raise` or `reset`; by how much; what it is where nothing was
 * set; after how many milliseconds it is forgotten, or an empty text.
 */
export const changeScript = script(`
if ARGV[1] == 'reset' then
  redis.call('HDEL', KEYS[1], 'used', 'most')
  -- Of an account that is not there, nothing was charged.
  if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBY', KEYS[1], 'resets', 1) end
else
  local most = number(ARGV[2])
  if ARGV[1] == 'raise' then
    most = most + number(redis.call('HGET', KEYS[1], 'most') or ARGV[3])
  end
  redis.call('HSET', KEYS[1], 'most', whole(math.min(9007199254740991, most)))
  if ARGV[4] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
end
return redis.call('HMGET', KEYS[1], 'used', 'reserved', 'most')`);

function script(body: string): Script {
  const text = `${shared}${body}`;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
