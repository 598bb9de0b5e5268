-- With a path, requests for it; else one for each of the 1,000 routes, in an order that jumps. Made once, so that wrk
-- spends little on it.
local requests = {}
local count = 1000
local at = 0

function init(args)
  local headers = {["Host"] = args[3], ["User-Agent"] = "wrk", ["Accept"] = "*/*"}
  if args[2] == "close" then headers["Connection"] = "close" end
  if args[1] ~= nil and args[1] ~= "" then count = 1 end
  for i = 0, count - 1 do
    local path = count == 1 and args[1] or string.format("/r%04d/item?id=%d", (i * 617) % 1000, i)
    requests[i] = wrk.format("GET", path, headers)
  end
end

function request()
  at = (at + 1) % count
  return requests[at]
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
