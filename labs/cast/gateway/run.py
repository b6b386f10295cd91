"""Start Envoy as the parcel gateway: render its bootstrap from the environment, then become it.

Environment: LISTEN and ADMIN (host:port), V1, V2 and CONTROLLER (name:port), BROWNOUT_TOKEN.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import envoy

TIMEOUT_S = 3
ADMIN_PATHS = ("/runtime", "/stats", "/stats/prometheus", "/ready")
COUNTED = ("cluster.v1.", "cluster.v2.")
"""All statistics that there are: who asks for the pulse and looks at the split, and how often, shows nowhere."""
SAID = ("user-agent", "accept", "accept-encoding")
"""What says with which program the controller is called."""
MODIFY = r"/runtime_modify\?split\.v[12]=[0-9]{0,9}(&split\.v[12]=[0-9]{0,9}){0,7}"
"""Only the split: other keys of Envoy's runtime close its listener, or turn off its limits."""


def address(text: str) -> dict[str, Any]:
    """`host:port` as Envoy's socket address."""
    host, _, port = text.rpartition(":")
    return {"socket_address": {"address": host, "port_value": int(port)}}


def typed(name: str) -> str:
    """The long name of one of Envoy's extensions."""
    return f"type.googleapis.com/envoy.extensions.{name}"


def cluster(name: str, upstream: str) -> dict[str, Any]:
    """One upstream; its name is looked up again and again, since containers come and go."""
    return {
        "name": name,
        "cluster_type": {
            "name": "envoy.cluster.dns",
            "typed_config": {
                "@type": typed("clusters.dns.v3.DnsCluster"),
                "dns_lookup_family": "V4_ONLY",
                "dns_refresh_rate": "1s",
                "dns_failure_refresh_rate": {"base_interval": "0.2s", "max_interval": "0.5s"},
            },
        },
        "connect_timeout": "0.5s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(upstream)}}]}],
        },
    }


def routes(edge_key: str) -> list[dict[str, Any]]:
    """Parcels are split between v1 and v2 by the runtime keys split.v1 and split.v2; no route retries. The way of
    `/pulse` to v1 is a parcel's, whatever the split; it has a cluster of its own, so that v1's statistics are as ever.
    """
    versions = [{"name": name, "weight": weight} for name, weight in (("v1", 100), ("v2", 0))]
    return [
        {"match": {"path": "/healthz"}, "direct_response": {"status": 200, "body": {"inline_string": "ok"}}},
        {"match": {"path": "/pulse"}, "route": {"cluster": "pulse", "prefix_rewrite": "/healthz", "timeout": "2s"}},
        {
            "match": {"prefix": "/v1/"},
            "route": {
                "timeout": f"{TIMEOUT_S}s",
                "weighted_clusters": {"runtime_key_prefix": "split", "clusters": versions},
            },
            "request_headers_to_add": [
                {
                    "header": {"key": "x-edge-key", "value": edge_key or "none"},
                    "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
                }
            ],
        },
        {
            "match": {"path_separated_prefix": "/rollout"},
            "route": {"cluster": "controller", "timeout": "2s"},
            "request_headers_to_remove": list(SAID),
        },
    ]


def access_log() -> dict[str, Any]:
    """One line of JSON a request, on stdout."""
    fields = {
        "time": "%START_TIME%",
        "path": "%REQ(:PATH)%",
        "tenant": "%REQ(X-TENANT)%",
        "id": "%REQ(X-REQUEST-ID)%",
        "status": "%RESPONSE_CODE%",
        "ms": "%DURATION%",
        "served": "%UPSTREAM_CLUSTER%",
        "flags": "%RESPONSE_FLAGS%",
    }
    return {
        "name": "envoy.access_loggers.stdout",
        "typed_config": {
            "@type": typed("access_loggers.stream.v3.StdoutAccessLog"),
            "log_format": {"json_format": fields},
        },
    }


def listener(listen: str, edge_key: str) -> dict[str, Any]:
    """The public port."""
    manager = {
        "@type": typed("filters.network.http_connection_manager.v3.HttpConnectionManager"),
        "stat_prefix": "parcels",
        "generate_request_id": False,
        "preserve_external_request_id": True,
        "access_log": [access_log()],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes(edge_key)}]},
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": typed("filters.http.router.v3.Router")},
            }
        ],
    }
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    return {"name": "parcels", "address": address(listen), "filter_chains": [{"filters": filters}]}


def bootstrap(environment: dict[str, str]) -> dict[str, Any]:
    """Envoy's whole configuration. At the start v1 has all the traffic."""
    token = environment.get("BROWNOUT_TOKEN", "")
    edge_key = hashlib.sha256(f"edge:{token}".encode()).hexdigest()[:32] if token else ""
    upstreams = {"v1": environment["V1"], "v2": environment["V2"], "controller": environment["CONTROLLER"]}
    upstreams["pulse"] = upstreams["v1"]
    return {
        "admin": {
            "address": address(environment["ADMIN"]),
            "allow_paths": [
                *({"exact": path} for path in ADMIN_PATHS),
                *({"prefix": f"{path}?"} for path in ADMIN_PATHS),
                {"safe_regex": {"regex": MODIFY}},
            ],
        },
        "stats_config": {"stats_matcher": {"inclusion_list": {"patterns": [{"prefix": name} for name in COUNTED]}}},
        "layered_runtime": {
            "layers": [
                {"name": "start", "static_layer": {"split.v1": 100, "split.v2": 0}},
                {"name": "admin", "admin_layer": {}},
            ]
        },
        "static_resources": {
            "listeners": [listener(environment["LISTEN"], edge_key)],
            "clusters": [cluster(name, upstream) for name, upstream in upstreams.items()],
        },
    }


def main() -> None:
    """Become Envoy; the configuration goes through a pipe, so that it lies in no file."""
    binary = Path(envoy.__file__).parent / "_bin" / "envoy"
    reading, writing = os.pipe()
    os.write(writing, json.dumps(bootstrap(dict(os.environ))).encode())
    os.close(writing)
    os.set_inheritable(reading, True)
    options = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"]
    options += ["--file-flush-interval-msec", "500"]
    os.execv(binary, [str(binary), "--config-path", f"/dev/fd/{reading}", *options])


if __name__ == "__main__":
    main()
