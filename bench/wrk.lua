-- Walks a file of addresses, each asked once; at its end, or after the given time, wrk stops.
-- Arguments: the file; "once", or "again" to ask for them over and over, or "all" to count every
-- answer of a short list (without it, those under way when the list ends are not counted); and the
-- number of threads. Each thread walks a part of its own; the last that ends stops wrk.

local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int, int);")
local SIGINT = 2
local REST = 3600000 -- milliseconds that a connection waits when nothing is left to ask
local MOST = 64 -- threads

-- Each thread has variables of its own; here is what they have in common.
local asking, set_up = ffi.new("volatile char[?]", MOST), 0

function setup(thread) -- called before the start, for one thread after the other
  asking[set_up] = 1
  thread:set("number", set_up)
  thread:set("asking_at", tonumber(ffi.cast("intptr_t", asking)))
  set_up = set_up + 1
end

local requests, again, at, answered = {}, false, 0, 0

local function stop()
  wrk.thread:stop()
  local all = ffi.cast("volatile char*", asking_at)
  all[number] = 0
  for other = 0, MOST - 1 do
    if all[other] ~= 0 then
      return
    end
  end
  ffi.C.kill(ffi.C.getpid(), SIGINT) -- wakes wrk from its sleep, so that it counts the time taken
end

local function count_all()
  local begun = 0
  function delay() -- before each request; after 0 it is sent, if not at once
    begun = begun + 1
    return begun > #requests and REST or 0
  end
  function response()
    answered = answered + 1
    if answered == #requests then
      stop()
    end
  end
end

function init(args)
  again = args[2] == "again"
  local threads, place = tonumber(args[3]), 0
  for line in io.lines(args[1]) do
    if again or place % threads == number then
      requests[#requests + 1] = wrk.format("GET", line)
    end
    place = place + 1
  end
  if args[2] == "all" then
    count_all()
  end
end

-- wrk calls this once more at the start, to see what it gives.
function request()
  if at > #requests then
    if again then
      at = 1
    else
      stop()
    end
  end
  local found = requests[math.min(math.max(at, 1), #requests)]
  at = at + 1
  return found
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\n{"answers": %d, "microseconds": %d, "bytes": %d, "failed": %d, "p50": %.1f, "p99": %.1f}\n',
    summary.requests, summary.duration, summary.bytes, failed,
    latency:percentile(50), latency:percentile(99)))
end
