"""GCRA as a script of Redis: one key and one step per check, whoever else asks.

The services of `subgraphs/kit` limit by it too (docs/decisions/0029), so this imports nothing.

The clock is Redis's: ours may jump and differ.
"""

SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = tonumber(redis.call('GET', KEYS[1]) or 0)
local arrival = kept <= now + burst + 1000 and math.max(kept, now) or now
local next = arrival + interval * cost
local allowed_at = next - burst
if allowed_at > now + 0.5 then return math.ceil(allowed_at - now) end
redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.ceil(next - now) + 1)
return 0
"""
"""Takes the interval and the burst in milliseconds, and the cost; answers 0, or how long to wait.

Kept is the theoretical arrival time of the next one. It is never further away than the burst: what is (by
more than a second), was noted before the clock went back, and would lock out for as long as it went. Half a
millisecond is forgiven: what is kept is rounded, and those that come within one millisecond would be one
fewer than allowed.
"""
