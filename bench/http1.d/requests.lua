-- One request for each of the 1,000 routes, in an order that jumps; made once, so that wrk spends little on it.
local requests = {}
local at = 0

function init(args)
  for i = 0, 999 do
    local path = string.format("/r%04d/item?id=%d", (i * 617) % 1000, i)
    requests[i] = wrk.format("GET", path, {["Host"] = "bench.test", ["User-Agent"] = "wrk", ["Accept"] = "*/*"})
  end
end

function request()
  at = (at + 1) % 1000
  return requests[at]
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
