"""What weft is given: the snapshot that a platform with the same routes would send."""


NO_LIMITS = {f"{each}Max": 2 ** 31 - 1 for each in ["connections", "pending", "requests", "retries"]}
POLICY = {
    "balancing": {"@type": "PeakEwma", "rateLimitedCountsAs": "PT0S"}, "slowStart": "PT0S", "zones": "ANY",
    "circuitBreaking": {"consecutiveFailures": 0, "successRate": None, "ejectionMin": "PT1S", "ejectionMax": "PT1M",
                        "jitter": 0.5, "ejectedPercentMax": 50, "panicPercent": 50},
    "limits": NO_LIMITS, "adaptiveConcurrency": False}


def source(kind, name):
    return {"group": "", "kind": kind, "namespace": "default", "name": name}


def service_port(name, port=80):
    return {"service": {"namespace": "default", "name": name}, "port": port}


def rule(name, prefix, service):
    return {"name": name, "source": source("Mapping", name),
            "matches": [{"path": {"@type": "Prefix", "prefix": prefix}, "methods": [], "headers": [],
                         "queries": []}],
            "filters": [], "backends": [{"backend": {"@type": "Service", "servicePort": service_port(service)}, "weight": 1}],
            "timeouts": {"request": "PT3S", "connect": "PT3S", "perTry": "PT0S", "header": "PT0S", "response": "PT0S",
                         "idle": "PT0S", "idleConnection": "PT1M"},
            "retry": {"attemptsMax": 3, "conditions": ["CLOSED", "REFUSED_STREAM", "CONNECT_FAILURE"], "statuses": [],
                      "grpcCodes": [], "budget": {"percent": 20, "perSecond": 10}},
            "traffic": {"balancing": None, "limits": NO_LIMITS}}


def frontend(name, rules):
    return {"name": name, "source": source("Host", name), "hosts": ["*"], "rules": rules}


def group(name, address, port, transport="PLAIN", workload=None, protocol="DETECT"):
    return {"servicePort": service_port(name), "activatable": False, "concurrencyPerEndpoint": 0, "policy": POLICY, "zones": [],
            "protocol": {"kind": protocol, "said": protocol.lower()}, "streamIdle": "PT1H",
            "endpoints": [{"address": address, "port": port, "workload": workload, "transport": transport}]}


def listener(name, port, certificates=(), streams=()):
    return {"name": name, "source": source("Listener", name), "address": "127.0.0.1", "port": port,
            "tls": bool(certificates), "certificates": list(certificates), "streams": list(streams),
            "requests": not streams, "trustedHops": 0, "streamsMax": 0,
            "announcers": []}


def workload(name):
    return {"namespace": "default", "name": name, "owner": name, "ownerKind": "Deployment",
            "identity": {"trustDomain": "cluster.local", "namespace": "default", "serviceAccount": name}}


def instance(who, outbound_port, ports):
    return {"workload": who, "labels": {}, "address": "127.0.0.1", "outboundPort": outbound_port, "ports": ports, "outlets": [],
            "ready": True}


def of(folder, ports, backend, services=()):
    """1,000 routes to one backend, or one route to each of these services."""
    routes = services or [f"r{i:04}" for i in range(1000)]
    certificate = {"host": "*", "chainPem": (folder / "server.crt").read_text(),
                   "privateKeyPem": (folder / "server.key").read_text(),
                   "policy": {"clients": "ANYONE", "authoritiesPem": "", "revokedPem": "", "least": "TLS_1_2",
                              "most": "TLS_1_3", "ciphers": [], "protocols": []}}
    stream = {"serverName": "", "endsTls": False, "frontend": frontend("tcp", [rule("tcp", "/", "backend")]),
              "idleTimeout": "PT60S"}
    edge = [listener("http", ports["http"]), listener("https", ports["https"], [certificate]),
            listener("tcp", ports["tcp"], streams=[stream])]
    rules = [rule(each, f"/{each}/", each if services else "backend") for each in routes] + [rule("grpc", "/grpc/", "grpc")]
    server = workload("server")
    return {
        "version": 1, "edge": edge, "edgeFrontends": [frontend("bench", rules)],
        "meshFrontends": {"default/pair:80": frontend("pair", [rule("pair", "/", "pair")])},
        "groups": {f"default/{each['servicePort']['service']['name']}:80": each for each in [
            *(group(each, "127.0.0.1", backend["backend"]) for each in ["backend", *services]),
            group("grpc", "127.0.0.1", backend["backend_grpc"], protocol="HTTP2"),
            group("pair", "127.0.0.1", ports["pair_inner"], "MESH", server)]},
        "instances": [
            instance(workload("client"), ports["pair"], []),
            instance(server, ports["weft_unused"], [{"name": "http", "containerPort": 80, "inboundPort": ports["pair_inner"],
                                  "applicationAddress": "127.0.0.1", "applicationPort": backend["backend"],
                                  "hostPort": 0}])],
        "access": {"default/server": {"rules": [], "unmatched": "ALLOW", "reason": "benchmark"}}, "verdicts": [], "limits": {},
        "edgeRules": {"heads": {"underscores": "REFUSE", "escapedSlashes": "REFUSE", "mergeSlashes": False, "bytesMax": 61440,
                                "targetBytesMax": 8192, "fieldsMax": 100},
                      "addresses": {"allow": False, "peers": [], "clients": []},
                      "serverName": "", "strictTransport": [],
                      "clients": {"bodyBytesMax": 0,
                                  "connections": {"max": 50000, "perListenerMax": 10000, "perAddressMax": 1000},
                                  "patience": {"handshake": "PT10S", "head": "PT10S", "bodyGap": "PT30S", "bodyRateMin": 240,
                                               "idle": "PT75S"},
                                  "heap": {"cachesPercent": 95, "requestsPercent": 98},
                                  "messages": {"extensionBytesMax": 16384, "trailerBytesMax": 16384,
                                               "queuedBytesMax": 65536, "requestsMax": 0},
                                  "http2": {"streamsMax": 100, "streamWindowBytes": 65536, "connectionWindowBytes": 1048576,
                                            "headerTableBytes": 4096, "resetsMax": 250, "resetWithin": "PT1S",
                                            "frames": {"bytesMax": 16384, "continuationsMax": 8, "emptyInRowMax": 1,
                                                       "prioritiesPerStreamMax": 100, "windowUpdatesPerDataMax": 10,
                                                       "answersQueuedMax": 1000, "queuedMax": 10000,
                                                       "controlPerSecondMax": 10000}}}}}
