package dev.weft.model.outcome;

/**
 * Every answer that a proxy makes itself, in one table: the code that goes into {@code weft-error}, the status, the
 * cause and the remedy that {@code weft explain CODE} prints.
 */
public enum ErrorCode {
    BAD_REQUEST(
            400,
            "The request's framing or head is ambiguous or malformed, so the connection was closed.",
            "Send a request that follows RFC 9112; the answer's body names the rule that was broken."),
    HEAD_TOO_LARGE(
            431,
            "The request line or the headers are larger than the listener accepts.",
            "Send fewer or smaller headers (often: cookies); Module ambassador says how large they may be."),
    URI_TOO_LONG(414, "The request target is longer than the listener accepts.", "Send a shorter target."),
    BODY_TOO_LARGE(
            413,
            "The request's body is larger than its route accepts.",
            "Send a smaller body, or raise limit.weft.dev/body-bytes of the Mapping (Module ambassador: buffer)."),
    REQUEST_TIMEOUT(
            408,
            "The client began a request and did not send the rest of it in time.",
            "The body says what was late; send it faster, or raise timeout.weft.dev/* in Module ambassador."),
    PATH_REFUSED(
            400,
            "The request's path can be read in more than one way.",
            "The body names the part; write the path without it, or allow it in Module ambassador."),
    HEADER_REFUSED(
            400,
            "The request has a header that programs behind the edge may take for another one.",
            "Rename the header, or set headers_with_underscores_action in Module ambassador."),
    METHOD_REFUSED(
            405, "The edge does not carry this method.", "Use another method; TRACE shows headers to whoever asks."),
    HOST_UNKNOWN(
            404,
            "No frontend is declared for the host that the request names.",
            "Declare a Host and Mapping, or a Knative Service, for it; weft routes lists what is declared."),
    ROUTE_NOT_FOUND(
            404,
            "The host is known, but none of its rules matches this method, path and headers.",
            "Declare a rule that matches; weft why shows the near misses."),
    SERVICE_UNKNOWN(
            502,
            "A workload called a name that is no Service of this platform.",
            "Create the Service, or correct the name; names are svc, svc.ns or svc.ns.svc.cluster.local."),
    ACCESS_DENIED(
            403,
            "No access rule of the called workload allows this caller this request.",
            "Add the caller to the sources of a TrafficTarget whose destination is the called service account."),
    RATE_LIMITED(
            429,
            "More requests came than a rate limit allows.",
            "Wait for as long as Retry-After says, or raise the limit; the body names the policy and which rate it was."),
    FAULT_INJECTED(
            503,
            "A Fault resource asked for this error; its status is the one that the Fault names.",
            "Nothing, when it was meant; else delete the Fault that the body names."),
    BACKEND_INVALID(
            503,
            "The rule chose a backend that cannot be used.",
            "The body names the backend and the reason; weft get and the resource's status say the same."),
    NO_BACKEND(503, "The rule has no backend with a weight above 0.", "Give at least one backend a weight above 0."),
    NO_ENDPOINT(
            503, "The service has no ready endpoint.", "See why its pods are not ready: kubectl get pods, weft logs."),
    CAPACITY_TIMEOUT(
            504,
            "The service was at zero, and no instance became ready in time.",
            "See why the instance does not start: kubectl describe revision, weft logs."),
    CAPACITY_FAILED(
            503,
            "The service was at zero, and its instance could not be started.",
            "See why: kubectl describe revision, weft logs."),
    QUEUE_FULL(
            503,
            "More requests wait for this service than it may hold.",
            "Raise its concurrency or its maximal scale, or send fewer at once."),
    CIRCUIT_OPEN(
            503,
            "Every endpoint of the service is taken out because it failed too often.",
            "See why they fail: weft logs. One request tries each again when its time out is over."),
    LIMIT_REACHED(
            503,
            "As many requests as its limits allow are under way to this service.",
            "Raise the limit that the body names, or send fewer at once."),
    OVERLOADED(
            503,
            "The service answers more slowly the more it is sent, so its adaptive limit refused this request at once.",
            "Send less, or give the service more instances; limit.weft.dev/adaptive-concurrency switches the limit."),
    MEMORY_SHORT(
            503,
            "The edge refused the request at once, as its memory is nearly all in use.",
            "Try again after Retry-After; give Weft a larger heap (-Xmx in WEFT_JAVA_OPTS), or see limit.weft.dev/heap-percent-requests."),
    CONNECT_FAILED(
            502,
            "No connection to the endpoint could be made.",
            "See whether the endpoint's process lives and listens on the port that its Service names."),
    CONNECT_TIMEOUT(
            504,
            "The endpoint did not accept a connection within the rule's connect timeout (3 s unless set).",
            "See whether the endpoint is overloaded or its address is reachable."),
    TLS_FAILED(
            502,
            "The endpoint could not prove the identity that was expected of it.",
            "See weft edges for the identity found, and weft identity for the certificates."),
    IDENTITY_UNMET(
            502,
            "The endpoint is not whom the caller demands to talk to.",
            "See weft edges for who answers, and what the caller sends as l5d-require-id."),
    RESPONSE_TIMEOUT(
            504,
            "The whole answer did not arrive within the rule's timeout.",
            "Make the service faster, or raise the rule's timeout."),
    TRY_TIMEOUT(
            504,
            "No endpoint began to answer within the rule's timeout for one try.",
            "Make the service faster, or raise per_try_timeout (retry.linkerd.io/timeout)."),
    HEADER_TIMEOUT(
            504,
            "The endpoint had the whole request and did not begin to answer within the rule's header timeout.",
            "Make the service faster, or raise timeout.weft.dev/header (responseStartTimeoutSeconds)."),
    ENDPOINT_TIMEOUT(
            504,
            "The endpoint had the whole request and did not finish its answer within the rule's response timeout.",
            "Make the service faster, or raise timeout.linkerd.io/response."),
    IDLE_TIMEOUT(
            504,
            "No byte went in either direction for as long as the rule's idle timeout.",
            "See what the client or the endpoint waits for, or raise idle_timeout_ms (timeout.linkerd.io/idle)."),
    DEADLINE_EXCEEDED(
            504,
            "The caller's own deadline passed before the answer was whole, so nobody waited for it any more.",
            "Make the service faster, or let the caller wait longer (grpc-timeout, or its own rule's timeout)."),
    REFUSED_STREAM(
            502,
            "The endpoint refused to begin with the request.",
            "See whether the endpoint is overloaded or stopping."),
    UPSTREAM_CLOSED(
            502,
            "The endpoint closed the connection before its answer was whole.",
            "See the endpoint's log; a crash or a kill looks like this."),
    UPSTREAM_PROTOCOL(
            502,
            "The endpoint's answer breaks HTTP/1.1.",
            "Mend the endpoint; the body names the rule that was broken."),
    PROTOCOL_UNSUPPORTED(
            501,
            "The request asks for something that this version of the proxy does not speak.",
            "The body names it; HTTP/1.1 without upgrade works."),
    SERVER_NAME_UNKNOWN(
            421,
            "No stream of the edge listener takes the server name of the TLS handshake, so the connection was closed.",
            "Declare a TCPMapping with that host on the port, or a Host with a certificate for it."),
    STREAM_IDLE(
            504,
            "No byte went either way on an opaque connection for longer than its idle timeout.",
            "Let the programs send keep-alives, or raise weft.dev/tcp-idle-timeout of the Service."),
    STREAM_BROKEN(
            502,
            "One end of an opaque connection broke it off, so the other end was broken off too.",
            "See the log of the end that the record names."),
    UPGRADE_REFUSED(
            403,
            "The rule does not allow the protocol that the request wants to switch to.",
            "Name it in the Mapping's spec.allow_upgrade, or call without Upgrade."),
    TUNNEL_REFUSED(
            403,
            "CONNECT asked for a tunnel to a place that is no Service of this platform, or from outside the mesh.",
            "Name a Service and its port, as svc.ns:port; tunnels lead nowhere else."),
    TOO_MANY_CONNECTIONS(
            503,
            "As many clients are connected to the edge as it takes at a time, so the connection was closed.",
            "The log line says which limit it was; see who connects, or raise limit.weft.dev/connections* in Module ambassador."),
    PROXY_HEADER_REFUSED(
            400,
            "A connection to a port whose connections begin with a PROXY header had none, or came from somebody who may not send it.",
            "The log line says which; see the Listener's protocolStack and its annotation proxy-protocol.weft.dev/from."),
    ADDRESS_REFUSED(
            403,
            "The edge does not serve this client's address.",
            "See ip_allow and ip_deny in Module ambassador; behind a proxy, xff_num_trusted_hops or l7Depth says who the client is."),
    STREAM_REFUSED(
            403,
            "An opaque stream came to a port whose requests are limited or declared, and would have passed by that.",
            "Call it with HTTP, or declare the Service's port opaque (appProtocol: tcp, config.linkerd.io/opaque-ports)."),
    REQUEST_IN_STREAM(
            403,
            "An HTTP request came on an opaque stream, where no proxy could vouch for its headers, so it was broken off.",
            "Send it as a request (a Mapping in place of a TCPMapping), or declare the Service's port opaque."),
    TRUST_ENDED(
            403,
            "The certificate of one end ended or was revoked, or its trust anchor was removed, so what was under way was broken off.",
            "Connect again: a new stream shows the certificate of now. weft identity shows anchors and certificates."),
    ACCESS_REVOKED(
            403,
            "Policy no longer allows the caller of an open stream, so it was broken off.",
            "Allow the caller again in a TrafficTarget, if that was not meant; the record names what is missing."),
    CALLER_UNPROVEN(
            403,
            "A connection to a pod's inbound port did not prove an identity of the mesh, so it was closed.",
            "Call the service through a proxy of the mesh; weft identity shows anchors and certificates."),
    HANDSHAKE_FAILED(
            421,
            "A client's TLS handshake with the edge came to no end, so the connection was closed.",
            "The log line names the reason: often an unknown server name, TLS older than 1.2, or a certificate that is missing or not good."),
    MISDIRECTED(
            421,
            "The request's host asks for something else in the TLS handshake (a client's certificate, a version) than the connection showed.",
            "Make a connection of its own with that host as the server name; clients do so by themselves on 421."),
    LOOP_DETECTED(
            508,
            "The request came through an edge of Weft so often that it goes round.",
            "Name the service itself where a Mapping names an edge, this one or another that leads back here; weft why shows the rule."),
    CLIENT_CLOSED(
            499,
            "The client went away before its answer was whole; seen in records only, as nobody is left to answer.",
            "Nothing, when it was meant; else raise the client's timeout."),
    DRAINING(
            503,
            "The proxy is stopping and takes no new requests.",
            "Try again; another proxy, or this one after its restart, will answer."),
    INTERNAL(500, "A bug in the proxy.", "Please report it, with the log line that carries the same request id.");

    private static final int GRPC_CANCELLED = 1;
    private static final int GRPC_DEADLINE_EXCEEDED = 4;
    private static final int GRPC_PERMISSION_DENIED = 7;
    private static final int GRPC_RESOURCE_EXHAUSTED = 8;
    private static final int GRPC_UNIMPLEMENTED = 12;
    private static final int GRPC_INTERNAL = 13;
    private static final int GRPC_UNAVAILABLE = 14;

    private final int status;
    private final String cause;
    private final String remedy;

    ErrorCode(int status, String cause, String remedy) {
        this.status = status;
        this.cause = cause;
        this.remedy = remedy;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The {@code grpc-status} of the answer to a call of gRPC (gRPC, "Status codes and their use"). */
    public int grpcStatus() {
        return switch (status) {
            case 403 -> GRPC_PERMISSION_DENIED;
            case 404, 501, 505 -> GRPC_UNIMPLEMENTED;
            case 413, 414, 429, 431 -> GRPC_RESOURCE_EXHAUSTED;
            case 499 -> GRPC_CANCELLED;
            case 502, 503 -> GRPC_UNAVAILABLE;
            case 408, 504 -> GRPC_DEADLINE_EXCEEDED;
            default -> GRPC_INTERNAL;
        };
    }

    /** One sentence. */
    public String cause() {
        return cause;
    }

    /** One sentence. */
    public String remedy() {
        return remedy;
    }

    /** The form on the wire and on the command line: {@code access-denied}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
