-- Agreed pace of one register, shared by all workers (generic cell rate algorithm).
-- The key holds the theoretical arrival time of the next call, in microseconds.
-- KEYS[1]  ARGV: microseconds per call, tolerance, calls wanted, longest wait allowed, push forward
-- Returns {granted 0/1, microseconds to wait}.
local tid = redis.call('TIME')
local na = tid[1] * 1000000 + tid[2]
local tat = tonumber(redis.call('GET', KEYS[1]) or na)
if tat < na then tat = na end
local skyv = tonumber(ARGV[5])
if skyv > 0 then
  if tat < na + skyv then tat = na + skyv end
  redis.call('SET', KEYS[1], string.format('%.0f', tat), 'PX', math.ceil((tat - na) / 1000) + 1000)
  return {1, 0}
end
local vent = tat - na - tonumber(ARGV[2])
if vent < 0 then vent = 0 end
if vent > tonumber(ARGV[4]) then return {0, math.ceil(vent)} end
tat = tat + tonumber(ARGV[1]) * tonumber(ARGV[3])
redis.call('SET', KEYS[1], string.format('%.0f', tat), 'PX', math.ceil((tat - na) / 1000) + 1000)
return {1, math.ceil(vent)}
