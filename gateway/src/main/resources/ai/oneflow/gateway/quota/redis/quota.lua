-- Applies one batch of a gateway: takes, changes and looks, in their order, all or none of a take.
--
-- KEYS     1 epoch, 2 the gateway's lease, 3 all gateways, 4.. counters, then leases to reap and starts
-- ARGV[1]  a flat MessagePack array; Message.java writes it, and says what stands where
-- ARGV[2]  the epoch that the gateway knows
-- ARGV[3]  the name of its lease
-- Returns  words with a blank between them; Answer.java reads them
--
-- Redis keeps what a script wrote before it failed, and a batch that fails is sent again. So all
-- that can fail, which is to read keys, stands before the first write, and whatever may be long goes
-- through `unpack` in parts.
--
-- A counter is a hash. One of a sliding window has `p`, the slot that it stands at, `s`, the sum,
-- and a field for each slot of the ring: the window, the slot it slides into, and one ahead that
-- shares are booked in. One of a period has `b`, its begin, `u`,
-- what is used, `h`, how much of that is held, and `g:<gateway>`, what it was told out of the ledger.
-- What was told of a limit's thresholds in a period is a hash of its own, which counters that begin
-- anew do not touch: by the percentage, how much that was. Its key is not among KEYS, since few
-- batches need it; it shares their slot. A start is a hash: for each gateway `p` while it
-- may count without it, `f` when all was told of it, and `@` when that is so of one.
-- A lease is a hash: `s` the last batch, `a` when it was made by the gateway's clock, `r` its
-- answer, `e` the epoch, `<counter>|<place>` what is held there, `c:<id>` checkpoints, and, when it
-- is reaped, `z` by whom, `t` since when, `o` whether its orphans are counted, `u:<counter>|<place>`
-- what was counted for it, and `d` when nothing more will be.
--
-- Lua's numbers are doubles, so an amount is two of them: hi * 10^9 + lo. They are made text by %d,
-- since Redis and Lua would print them as fractions, which takes several times as long.

local call, floor, sub, format = redis.call, math.floor, string.sub, string.format
local BASE, WINDOW, RING = 1000000000, 60, 62
local CLAIM_MILLIS, LATE_MILLIS = 15000, 172800000
local AT_ONCE = 1000 -- values; Lua's stack holds some thousands

local A = cmsgpack.unpack(ARGV[1])
local seq = A[1]
local lease = call('HMGET', KEYS[2], 's', 'z')
local done = tonumber(lease[1]) or 0
if lease[1] and done == seq then return call('HGET', KEYS[2], 'r') end
if lease[2] then return 'REAPED' end
if call('GET', KEYS[1]) ~= ARGV[2] or done ~= seq - 1 then return 'LOST' end

local now = A[2]
if now == 0 then
  local time = call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end

-- A command with as many values as there are; for pairs too, since AT_ONCE is even.
local function inParts(command, key, values)
  for from = 1, #values, AT_ONCE do
    call(command, key, unpack(values, from, math.min(from + AT_ONCE - 1, #values)))
  end
end

local function number(text)
  if not text then return 0, 0 end
  local n = #text
  if n <= 9 then return 0, tonumber(text) end
  return tonumber(sub(text, 1, n - 9)), tonumber(sub(text, n - 8))
end

local function text(hi, lo)
  if hi == 0 then return format('%d', lo) end
  return format('%d%09d', hi, lo)
end

-- The sum, not below 0; the summands may be negative.
local function plus(hi, lo, byHi, byLo)
  hi, lo = hi + byHi, lo + byLo
  if lo < 0 then
    hi, lo = hi - 1, lo + BASE
  elseif lo >= BASE then
    hi, lo = hi + 1, lo - BASE
  end
  if hi < 0 then return 0, 0 end
  return hi, lo
end

local function fits(hi, lo, mostHi, mostLo)
  return hi < mostHi or (hi == mostHi and lo <= mostLo)
end

-- Sliding windows. The slot that the window stands at is in the counter's own fields, since nearly
-- everything happens there; others are in tables that are made when they are needed.

local function loadSlots(c, places)
  local args = {c.key}
  for i = 1, #places do args[i + 1] = format('%d', places[i] % RING) end
  local got = call('HMGET', unpack(args))
  c.hi, c.lo, c.dirty = c.hi or {}, c.lo or {}, c.dirty or {}
  for i = 1, #places do c.hi[places[i]], c.lo[places[i]] = number(got[i]) end
end

local function slotAt(c, place)
  if place == c.at then return c.atHi, c.atLo end
  if not c.hi or not c.hi[place] then loadSlots(c, {place}) end
  return c.hi[place], c.lo[place]
end

local function putSlot(c, place, hi, lo)
  if place == c.at then
    c.atHi, c.atLo, c.atDirty = hi, lo, true
  else
    c.hi[place], c.lo[place], c.dirty[place] = hi, lo, true
  end
end

local function addToSlot(c, place, byHi, byLo)
  local oldHi, oldLo = slotAt(c, place)
  local hi, lo = plus(oldHi, oldLo, byHi, byLo)
  putSlot(c, place, hi, lo)
  c.usedHi, c.usedLo = plus(c.usedHi, c.usedLo, hi - oldHi, lo - oldLo)
  c.changed = true
end

-- Forgets the slots that left the window when it moved on from there.
local function advance(c, from)
  if c.at - from >= RING then
    c.wipe = true
    c.usedHi, c.usedLo, c.atHi, c.atLo, c.hi, c.lo, c.dirty = 0, 0, 0, 0, {}, {}, {}
    for i = c.at - WINDOW, c.at + 1 do c.hi[i], c.lo[i] = 0, 0 end
    return
  end
  local old = {}
  for i = from + 2, c.at + 1 do old[#old + 1] = i end
  loadSlots(c, old)
  for i = 1, #old do
    local place = old[i]
    c.usedHi, c.usedLo = plus(c.usedHi, c.usedLo, -c.hi[place], -c.lo[place])
    putSlot(c, place, 0, 0)
    c.hi[place], c.lo[place] = 0, 0
  end
end

local function sliding(key, millis, first, last)
  local current = floor(now / millis)
  local got = call('HMGET', key, 'p', 's', format('%d', current % RING))
  local from = tonumber(got[1])
  local usedHi, usedLo = number(got[2])
  local atHi, atLo = number(got[3])
  local c = {key = key, sliding = true, millis = millis, at = current, place = current,
    moved = from ~= current, usedHi = usedHi, usedLo = usedLo, atHi = atHi, atLo = atLo,
    atDirty = false, hi = false, lo = false, dirty = false, changed = false,
    holdAt = false, holdHi = 0, holdLo = 0, holds = false}
  if from and from > current then -- time stepped back: it stands
    c.at, c.place, c.moved = from, from, false
    c.atHi, c.atLo = number(call('HGET', key, format('%d', from % RING)))
  end
  local others, seen
  for i = first, last do
    local place = A[i]
    if place ~= c.at and place >= c.at - WINDOW and place <= c.at + 1 then
      others, seen = others or {}, seen or {}
      if not seen[place] then
        seen[place] = true
        others[#others + 1] = place
      end
    end
  end
  if others then loadSlots(c, others) end
  if from and c.moved then advance(c, from) end
  return c
end

local function storeSliding(c)
  if not c.moved and not c.dirty then
    call('HSET', c.key, 's', text(c.usedHi, c.usedLo), format('%d', c.at % RING), text(c.atHi, c.atLo))
    return
  end
  local args = {c.key, 's', text(c.usedHi, c.usedLo), format('%d', c.at % RING), text(c.atHi, c.atLo)}
  for place, _ in pairs(c.dirty or {}) do
    args[#args + 1] = format('%d', place % RING)
    args[#args + 1] = text(c.hi[place], c.lo[place])
  end
  args[#args + 1] = 'p'
  args[#args + 1] = format('%d', c.at)
  call('HSET', unpack(args))
  if c.moved then call('PEXPIRE', c.key, format('%d', (RING + 2) * c.millis)) end
end

local function loadRing(c)
  local missing = {}
  for i = c.at - WINDOW, c.at + 1 do
    if i ~= c.at and not (c.hi and c.hi[i]) then missing[#missing + 1] = i end
  end
  if #missing > 0 then loadSlots(c, missing) end
end

-- Periods

local function period(key, begin, finish)
  local got = call('HMGET', key, 'b', 'u', 'h')
  local from = tonumber(got[1])
  -- A gateway whose time is ahead does not end a period for all.
  local fresh = not from or (from < begin and begin <= now)
  local usedHi, usedLo, heldHi, heldLo = 0, 0, 0, 0
  if not fresh then
    begin = from
    usedHi, usedLo = number(got[2])
    heldHi, heldLo = number(got[3])
  end
  return {key = key, sliding = false, place = begin, finish = finish, fresh = fresh,
    wipe = fresh and from,
    usedHi = usedHi, usedLo = usedLo, heldHi = heldHi, heldLo = heldLo, changed = false,
    holdAt = false, holdHi = 0, holdLo = 0, holds = false}
end

local function storePeriod(c)
  local used, held = text(c.usedHi, c.usedLo), text(c.heldHi, c.heldLo)
  if not c.fresh then
    call('HSET', c.key, 'u', used, 'h', held)
  elseif used ~= '0' or held ~= '0' then
    call('HSET', c.key, 'b', format('%d', c.place), 'u', used, 'h', held)
    if c.finish > 0 then call('PEXPIRE', c.key, format('%d', c.finish - now + LATE_MILLIS)) end
  end
end

-- Both

-- What this lease holds at a place comes or goes.
local function hold(c, place, hi, lo)
  if c.holdAt == place then
    c.holdHi, c.holdLo = c.holdHi + hi, c.holdLo + lo
  elseif not c.holdAt then
    c.holdAt, c.holdHi, c.holdLo = place, hi, lo
  else
    c.holds = c.holds or {}
    local sum = c.holds[place] or {0, 0}
    c.holds[place] = {sum[1] + hi, sum[2] + lo}
  end
end

-- Changes what is held and used at a place, if the span still has it.
local function change(c, place, heldHi, heldLo, usedHi, usedLo)
  if c.sliding then
    if place >= c.at - WINDOW and place <= c.at + 1 then addToSlot(c, place, usedHi, usedLo) end
  elseif place == c.place then
    c.heldHi, c.heldLo = plus(c.heldHi, c.heldLo, heldHi, heldLo)
    c.usedHi, c.usedLo = plus(c.usedHi, c.usedLo, usedHi, usedLo)
    c.changed = true
  end
end

-- What is left of an amount.
local function left(c, mostHi, mostLo)
  return plus(mostHi, mostLo, -c.usedHi, -c.usedLo)
end

local function resetMillis(c)
  if not c.sliding then
    if c.finish == 0 then return 0 end
    return math.max(c.finish - now, 0)
  end
  if c.usedHi == 0 and c.usedLo == 0 then return 0 end
  loadRing(c)
  local newest = c.at + 1
  while newest > c.at - WINDOW do
    local hi, lo = slotAt(c, newest)
    if hi ~= 0 or lo ~= 0 then break end
    newest = newest - 1
  end
  return (newest + WINDOW + 1) * c.millis - now
end

local function opensMillis(c, wantHi, wantLo, mostHi, mostLo)
  if not fits(wantHi, wantLo, mostHi, mostLo) then return -1 end
  if not c.sliding then
    if c.finish == 0 then return -1 end
    return math.max(c.finish - now, 0)
  end
  loadRing(c)
  local roomHi, roomLo = plus(mostHi, mostLo, -wantHi, -wantLo)
  local hi, lo = c.usedHi, c.usedLo
  for i = c.at - WINDOW, c.at + 1 do
    local slotHi, slotLo = slotAt(c, i)
    hi, lo = plus(hi, lo, -slotHi, -slotLo)
    if fits(hi, lo, roomHi, roomLo) then return (i + WINDOW + 1) * c.millis - now end
  end
  return 0
end

-- The message

local at, counters, heads, size = 9, {}, {}, A[7]
for i = 1, size do
  local places, warnings = A[at + 6], A[at + 7]
  heads[i] = at
  if A[at] > 0 then
    counters[i] = sliding(KEYS[3 + i], A[at], at + 8, at + 7 + places)
  else
    counters[i] = period(KEYS[3 + i], A[at + 1], -A[at])
  end
  at = at + 8 + places + 4 * warnings
end
local reaped = {}
for i = 4 + size, #KEYS do reaped[i] = call('HMGET', KEYS[i], 's', 'z', 't', 'd', 'o') end
call('ZCARD', KEYS[3]) -- fails here if it is something else

local out, said = {}, 0
local function say(word)
  said = said + 1
  out[said] = word
end

local function sayNumber(value)
  said = said + 1
  out[said] = format('%d', value)
end

local BINDS, SHADOW = 0, 1

local function more(hi, lo, byHi, byLo)
  hi, lo = hi + byHi, lo + byLo
  if lo >= BASE then return hi + 1, lo - BASE end
  return hi, lo
end

-- As `change` and `hold` do it, for something above nothing that is taken now: much the most of all.
local function book(c, hi, lo)
  c.usedHi, c.usedLo = more(c.usedHi, c.usedLo, hi, lo)
  if c.sliding then
    c.atHi, c.atLo = more(c.atHi, c.atLo, hi, lo)
  else
    c.heldHi, c.heldLo = more(c.heldHi, c.heldLo, hi, lo)
  end
  c.changed = true
  hold(c, c.place, hi, lo)
end

-- 1: limits, then for each: counter, wanted, amount, binding
local function take(from, limits)
  local refused, opens
  local short
  for i = 0, limits - 1 do
    local k = from + 6 * i
    local c, wantHi, wantLo = counters[A[k]], A[k + 1], A[k + 2]
    local hi, lo = more(c.usedHi, c.usedLo, wantHi, wantLo)
    local mostHi = A[k + 3]
    if (hi > mostHi or (hi == mostHi and lo > A[k + 4])) and (wantHi > 0 or wantLo > 0) then
      if A[k + 5] == BINDS then
        local millis = opensMillis(c, wantHi, wantLo, mostHi, A[k + 4])
        if not refused or (opens >= 0 and (millis < 0 or millis > opens)) then
          refused, opens = i, millis
        end
      elseif A[k + 5] == SHADOW then
        short = short or {}
        short[#short + 1] = i
      end
    end
  end
  if refused then
    local k = from + 6 * refused
    local c = counters[A[k]]
    local whole = 0
    if not c.sliding then
      local hi, lo = plus(c.usedHi, c.usedLo, -c.heldHi, -c.heldLo)
      hi, lo = plus(A[k + 3], A[k + 4], -hi, -lo)
      if fits(A[k + 1], A[k + 2], hi, lo) then whole = 1 end
    end
    say('R') sayNumber(refused) say(text(left(c, A[k + 3], A[k + 4]))) sayNumber(resetMillis(c))
    sayNumber(opens) sayNumber(whole)
    return
  end
  say('T')
  for i = 0, limits - 1 do
    local k = from + 6 * i
    local c = counters[A[k]]
    local hi, lo = A[k + 1], A[k + 2]
    if hi > 0 or lo > 0 then book(c, hi, lo) end
    c.taken = true
  end
  if short then
    sayNumber(#short)
    for i = 1, #short do sayNumber(short[i]) end
  else
    say('0')
  end
end

-- 4: the lease's key, its last batch, whether this is the end, whether orphans are among the
-- changes, how many; then for each: counter, place, held, used. Gives back what a dead gateway
-- held, unless it lives or somebody else is at it. Who was not answered asks again, so orphans count
-- once, and what is held goes back while its field is there; one of more than 64 bits comes in parts.
local function reap(from)
  local key, count = KEYS[A[from]], A[from + 4]
  local other = reaped[A[from]]
  local mine = other[2] == ARGV[3] or not other[2]
    or now - (tonumber(other[3]) or 0) > CLAIM_MILLIS
  local orphans = A[from + 3] == 1
  if not mine or other[4] or (orphans and other[5]) or (tonumber(other[1]) or 0) ~= A[from + 1] then
    say('0')
    return
  end
  call('HSET', key, 'z', ARGV[3], 't', format('%d', now))
  if orphans then
    call('HSET', key, 'o', '1')
    other[5] = '1'
  end
  local back = {}
  for i = 0, count - 1 do
    local k = from + 5 + 6 * i
    local c = counters[A[k]]
    local field = sub(c.key, A[6] + 1) .. format('|%d', A[k + 1])
    if orphans then
      call('HSET', key, 'u:' .. field, text(A[k + 4], A[k + 5]))
    elseif back[field] == nil then
      back[field] = call('HDEL', key, field) == 1
    end
    if orphans or back[field] then
      change(c, A[k + 1], A[k + 2], A[k + 3], A[k + 4], A[k + 5])
    end
  end
  if A[from + 2] == 1 then
    local gone = string.match(key, 'lease:(.*)$')
    call('HSET', key, 'd', '1')
    call('ZREM', KEYS[3], gone)
    call('PEXPIRE', key, LATE_MILLIS)
  end
  say('1')
end

-- 6: the start's key, a gateway, whether that is all of it, how many; then for each: counter, place,
-- used. Adds what a counter was not told of the gateway before.
local function begin(from)
  local key, of, count = KEYS[A[from]], A[from + 1], A[from + 3]
  if call('HGET', key, of) == 'f' then
    say('0')
    return
  end
  local field = 'g:' .. of
  for i = 0, count - 1 do
    local k = from + 4 + 4 * i
    local c, hi, lo = counters[A[k]], A[k + 2], A[k + 3]
    if A[k + 1] == c.place then
      local wasHi, wasLo = 0, 0
      if c.parts and c.parts[field] then
        wasHi, wasLo = c.parts[field][1], c.parts[field][2]
      elseif not c.fresh then
        wasHi, wasLo = number(call('HGET', c.key, field))
      end
      if not fits(hi, lo, wasHi, wasLo) then
        change(c, A[k + 1], 0, 0, hi - wasHi, lo - wasLo)
        c.parts = c.parts or {}
        c.parts[field] = {hi, lo}
      end
    end
  end
  if A[from + 2] == 1 then call('HSET', key, of, 'f', '@', '1') end
  say('1')
end

local ops = A[at]
at = at + 1
for _ = 1, ops do
  local kind = A[at]
  if kind == 1 then
    take(at + 2, A[at + 1])
    at = at + 2 + 6 * A[at + 1]
  elseif kind == 2 then -- counter, place, held, used
    local c = counters[A[at + 1]]
    change(c, A[at + 2], A[at + 3], A[at + 4], A[at + 5], A[at + 6])
    if A[at + 3] ~= 0 or A[at + 4] ~= 0 then hold(c, A[at + 2], A[at + 3], A[at + 4]) end
    at = at + 7
  elseif kind == 3 then -- counter
    local c = counters[A[at + 1]]
    say(text(c.usedHi, c.usedLo)) sayNumber(resetMillis(c))
    say(text(plus(c.usedHi, c.usedLo, -(c.heldHi or 0), -(c.heldLo or 0))))
    at = at + 2
  elseif kind == 4 then
    reap(at + 1)
    at = at + 6 + 6 * A[at + 5]
  elseif kind == 6 then
    begin(at + 1)
    at = at + 5 + 4 * A[at + 4]
  else -- 5: id, checkpoint; empty: it has ended
    if #A[at + 2] == 0 then
      call('HDEL', KEYS[2], 'c:' .. A[at + 1])
    else
      call('HSET', KEYS[2], 'c:' .. A[at + 1], A[at + 2])
    end
    at = at + 3
  end
end

-- Before what is said of the operations: where all takes have booked, and how much is used now.
local told, touched = {'OK', format('%d', now), '0'}, 0
for i = 1, size do
  local c = counters[i]
  if c.taken then
    touched = touched + 1
    told[3 * touched + 1] = format('%d', i)
    told[3 * touched + 2] = format('%d', c.place)
    told[3 * touched + 3] = text(c.usedHi, c.usedLo)
  end
end
told[3] = format('%d', touched)

-- Slices: the wanted, but at most a part of what is left.
local PART = 4 * A[3]
for i = 1, size do
  local c, k = counters[i], heads[i]
  local wishHi, wishLo = A[k + 2], A[k + 3]
  if wishHi > 0 or wishLo > 0 then
    local leftHi, leftLo = left(c, A[k + 4], A[k + 5])
    local rest = leftHi % PART
    local hi = (leftHi - rest) / PART
    local lo = floor((rest * BASE + leftLo) / PART)
    if fits(wishHi, wishLo, hi, lo) then hi, lo = wishHi, wishLo end
    if hi > 0 or lo > 0 then
      local place = c.sliding and c.at + 1 or c.place
      change(c, place, hi, lo, hi, lo)
      hold(c, place, hi, lo)
      say('S') sayNumber(i) sayNumber(place) say(text(hi, lo))
      leftHi, leftLo = plus(leftHi, leftLo, -hi, -lo)
      say(text(leftHi, leftLo))
    end
  end
end

-- A threshold is told of once in a period, unless it was raised since. Whether it is reached is looked
-- at whenever the gateway does not know that it was told: what reached it may have been something else
-- than this batch.
local TOLD = sub(KEYS[3], 1, -9) .. 'told:' -- its end is "gateways"
local function warn(i, c, w, hi, lo)
  local wholeHi, wholeLo = A[w + 1], A[w + 2]
  local key = TOLD .. format('%d:', c.place) .. sub(c.key, A[6] + 1, #c.key - A[w + 3])
  local field = format('%d', A[w])
  local wasHi, wasLo = number(call('HGET', key, field))
  local anew = not fits(wholeHi, wholeLo, wasHi, wasLo)
  if anew then
    wasHi, wasLo = wholeHi, wholeLo
    call('HSET', key, field, text(wasHi, wasLo))
    if c.finish > 0 then call('PEXPIRE', key, format('%d', c.finish - now + LATE_MILLIS)) end
  end
  say('W') sayNumber(i) sayNumber(A[w]) sayNumber(c.place) say(text(wasHi, wasLo))
  say(anew and '1' or '0') say(text(hi, lo))
end

for i = 1, size do
  local c, k = counters[i], heads[i]
  if A[k + 7] > 0 and not c.sliding then
    local hi, lo = plus(c.usedHi, c.usedLo, -c.heldHi, -c.heldLo)
    local first = k + 8 + A[k + 6]
    for w = first, first + 4 * (A[k + 7] - 1), 4 do
      if fits(A[w + 1], A[w + 2], hi, lo) then warn(i, c, w, hi, lo) end
    end
  end
end

for i = 1, size do
  local c, k = counters[i], heads[i]
  if c.changed and c.wipe then call('DEL', c.key) end
  if c.changed then
    if c.sliding then storeSliding(c) else storePeriod(c) end
    for field, sum in pairs(c.parts or {}) do call('HSET', c.key, field, text(sum[1], sum[2])) end
  end
end

if A[4] == 1 then
  call('ZADD', KEYS[3], now, ARGV[3])
  say('B') sayNumber(call('ZCARD', KEYS[3]))
  say(call('ZRANGEBYSCORE', KEYS[3], '-inf', now - A[5], 'LIMIT', 0, 1)[1] or '-')
end

-- The lease

local fields, amounts = {}, {}
local function held(c, place, hi, lo)
  if hi ~= 0 or lo ~= 0 then
    fields[#fields + 1] = sub(c.key, A[6] + 1) .. format('|%d', place)
    amounts[#amounts + 1] = {hi, lo}
  end
end
for i = 1, size do
  local c = counters[i]
  if c.holdAt then held(c, c.holdAt, c.holdHi, c.holdLo) end
  for place, sum in pairs(c.holds or {}) do held(c, place, sum[1], sum[2]) end
end
local answer = table.concat(told, ' ')
if said > 0 then answer = answer .. ' ' .. table.concat(out, ' ') end
local kept, gone = {'s', format('%d', seq), 'a', format('%d', A[8]), 'r', answer}, {}
if seq == 1 then
  kept[7], kept[8] = 'e', ARGV[2]
end
for from = 1, #fields, AT_ONCE do
  local to = math.min(from + AT_ONCE - 1, #fields)
  local before = call('HMGET', KEYS[2], unpack(fields, from, to))
  for i = from, to do
    local by, was = amounts[i], before[i - from + 1]
    local hi, lo = number(was)
    lo = lo + by[2]
    local carry = floor(lo / BASE)
    hi, lo = hi + by[1] + carry, lo - carry * BASE
    if hi < 0 or (hi == 0 and lo == 0) then
      if was then gone[#gone + 1] = fields[i] end
    else
      kept[#kept + 1] = fields[i]
      kept[#kept + 1] = text(hi, lo)
    end
  end
end
inParts('HSET', KEYS[2], kept)
inParts('HDEL', KEYS[2], gone)
return answer
