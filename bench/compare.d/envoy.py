"""Envoy as an expert sets it up for these hops: one worker, the routes in a map of prefixes, the same time-outs, headers,
request id and retries that weft has, no access log."""

TYPE = "type.googleapis.com/envoy."


def address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def action(prefix, cluster):
    return {"action": {"name": "route", "typed_config": {
        "@type": TYPE + "config.route.v3.Route", "match": {"prefix": prefix},
        "route": {"cluster": cluster, "timeout": "3s",
                  "retry_policy": {"retry_on": "connect-failure,refused-stream,reset-before-request", "num_retries": 2}}}}}


def manager(name, routes, codec="AUTO"):
    """routes: prefix → cluster."""
    matcher = {"matcher_tree": {
        "input": {"name": "path", "typed_config": {"@type": TYPE + "type.matcher.v3.HttpRequestHeaderMatchInput",
                                                   "header_name": ":path"}},
        "prefix_match_map": {"map": {prefix: action(prefix, cluster) for prefix, cluster in routes.items()}}}}
    return {"name": "envoy.filters.network.http_connection_manager", "typed_config": {
        "@type": TYPE + "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name, "codec_type": codec, "use_remote_address": True, "generate_request_id": True,
        "common_http_protocol_options": {"idle_timeout": "60s"}, "request_headers_timeout": "10s",
        "route_config": {"virtual_hosts": [{"name": name, "domains": ["*"], "matcher": matcher}]},
        "http_filters": [{"name": "envoy.filters.http.router", "typed_config": {
            "@type": TYPE + "extensions.filters.http.router.v3.Router"}}]}}


def tls(folder, name, kind, alpn=(), verify=False):
    common = {"tls_params": {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"}, "alpn_protocols": list(alpn),
              "tls_certificates": [{"certificate_chain": {"filename": f"{folder}/{name}.pem"},
                                    "private_key": {"filename": f"{folder}/{name}.pem"}}]}
    if verify:
        common["validation_context"] = {"trusted_ca": {"filename": f"{folder}/ca.pem"}}
    context = {"@type": TYPE + f"extensions.transport_sockets.tls.v3.{kind}TlsContext", "common_tls_context": common}
    if kind == "Downstream":
        context |= {"require_client_certificate": verify, "disable_stateless_session_resumption": True,
                    "disable_stateful_session_resumption": True}
    else:
        context |= {"sni": "server.bench", "max_session_keys": 0}
    return {"name": "envoy.transport_sockets.tls", "typed_config": context}


def listener(name, port, network_filter, secured=None):
    chain = {"filters": [network_filter]}
    if secured:
        chain["transport_socket"] = secured
    return {"name": name, "address": address(port), "filter_chains": [chain]}


def cluster(name, port, http2=False, secured=None):
    found = {"name": name, "type": "STATIC", "connect_timeout": "3s", "lb_policy": "LEAST_REQUEST",
             "circuit_breakers": {"thresholds": [{"max_connections": 4000, "max_pending_requests": 4000, "max_requests": 4000}]},
             "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(port)}}]}]}}
    if http2:
        found["typed_extension_protocol_options"] = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": TYPE + "extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": {"http2_protocol_options": {}}}}
    if secured:
        found["transport_socket"] = secured
    return found


def configuration(folder, ports, backend):
    routes = {f"/r{i:04}/": "backend" for i in range(1000)} | {"/grpc/": "grpc"}
    tcp = {"name": "envoy.filters.network.tcp_proxy", "typed_config": {
        "@type": TYPE + "extensions.filters.network.tcp_proxy.v3.TcpProxy", "stat_prefix": "tcp", "cluster": "backend",
        "idle_timeout": "60s"}}
    return {"static_resources": {
        "listeners": [
            listener("http", ports["http"], manager("http", routes)),
            listener("http2", ports["http2"], manager("http2", routes, "HTTP2")),
            listener("https", ports["https"], manager("https", routes),
                     tls(folder, "server", "Downstream", ["h2", "http/1.1"])),
            listener("pair", ports["pair"], manager("pair", {"/": "inbound"})),
            listener("inbound", ports["pair_inner"], manager("inbound", {"/": "backend"}),
                     tls(folder, "server", "Downstream", verify=True)),
            listener("tcp", ports["tcp"], tcp)],
        "clusters": [
            cluster("backend", backend["backend"]),
            cluster("grpc", backend["backend_grpc"], http2=True),
            cluster("inbound", ports["pair_inner"], secured=tls(folder, "client", "Upstream", verify=True))]}}
