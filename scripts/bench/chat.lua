-- Posts one chat completion over and over and reports the run as one line of JSON.
-- Arguments: the file with the bearer token, the model, "json" or "stream". Where BENCH_PORTS says ports, each thread asks
-- one of its own; they come by the environment, since threads are made before arguments are read.
local prepared
local threads = 0

function setup(thread)
  local at = 0
  for port in (os.getenv("BENCH_PORTS") or ""):gmatch("%d+") do
    if at == threads then thread.addr = wrk.lookup("127.0.0.1", port)[1] end
    at = at + 1
  end
  threads = threads + 1
end

function init(args)
  local key = io.open(args[1]):read("l")
  local model, kind = args[2], args[3]
  local prompt = string.rep("What does a gateway add to a request? ", 21)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. key
  wrk.body = string.format(
    '{"model":"%s","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"%s"}],"max_tokens":512%s}',
    model, prompt, kind == "stream" and ',"stream":true' or "")
  prepared = wrk.format()
end

-- The same bytes each time, so that the generator costs as little as it can.
function request()
  return prepared
end

function done(summary, latency, requests)
  local e = summary.errors
  print(string.format(
    '{"requests":%d,"micros":%d,"bytes":%d,"p50":%d,"p95":%d,"p99":%d,"max":%d,"errors":%d}',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(95),
    latency:percentile(99), latency.max, e.connect + e.read + e.write + e.status + e.timeout))
end
