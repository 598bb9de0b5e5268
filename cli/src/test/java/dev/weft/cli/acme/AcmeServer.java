package dev.weft.cli.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.control.identity.CertificateAuthority;
import dev.weft.control.identity.Keys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A certificate authority for tests (RFC 8555): nonces, signatures and signing requests are checked, and challenges are
 * truly looked at.
 */
final class AcmeServer implements AutoCloseable {

    static final Duration VALIDITY = Duration.ofDays(90);

    private final JsonMapper json = new JsonMapper();
    private final Clock clock;
    private final Lookout lookout;
    private final CertificateAuthority root;
    private final CertificateAuthority issuer;
    private final HttpsServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private final Map<String, JsonNode> accounts = new ConcurrentHashMap<>(); // keys, by place
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger busiest = new AtomicInteger();
    final List<String> ordered = new CopyOnWriteArrayList<>();
    final List<String> proven = new CopyOnWriteArrayList<>();
    final List<String> tokens = new CopyOnWriteArrayList<>();
    volatile boolean expectsAnother;
    volatile Optional<Duration> busy = Optional.empty();

    private static final class Order {
        final String number;
        final String name;
        final String token = SignedRequest.encoded(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
        final JsonNode account;
        volatile String status = "pending";
        volatile String error = "";
        volatile String chain = "";

        Order(String number, String name, JsonNode account) {
            this.number = number;
            this.name = name;
            this.account = account;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    private record Answer(int status, String type, byte[] body, Map<String, String> headers) {}

    AcmeServer(Clock clock, Lookout lookout) throws IOException, GeneralSecurityException {
        this.clock = clock;
        this.lookout = lookout;
        this.root = CertificateAuthority.selfSigned("test root", clock.instant(), Duration.ofDays(3650));
        this.issuer = root.intermediate("test issuer", clock.instant(), Duration.ofDays(3000));
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        KeyPair keys = Keys.generate();
        X509Certificate own = root.issueServer(keys.getPublic(), List.of("127.0.0.1"), clock.instant(), VALIDITY);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", keys.getPrivate(), new char[0], new X509Certificate[] {own});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    String directory() {
        return at("/directory");
    }

    String rootPem() {
        return Keys.pem(List.of(root.certificate()));
    }

    int requests() {
        return requests.get();
    }

    private String at(String path) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        Answer answer;
        try {
            answer = answer(exchange);
        } catch (GeneralSecurityException | PKCSException | OperatorCreationException | RuntimeException e) {
            answer = problem(500, "serverInternal", String.valueOf(e));
        }
        String nonce = SignedRequest.encoded(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
        nonces.add(nonce);
        exchange.getResponseHeaders().set("Replay-Nonce", nonce);
        exchange.getResponseHeaders().set("Content-Type", answer.type);
        answer.headers.forEach(exchange.getResponseHeaders()::set);
        boolean bare = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status, bare || answer.body.length == 0 ? -1 : answer.body.length);
        if (!bare) {
            exchange.getResponseBody().write(answer.body);
        }
        exchange.close();
    }

    private Answer answer(HttpExchange exchange)
            throws IOException, GeneralSecurityException, PKCSException, OperatorCreationException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/directory")) {
            ObjectNode directory = json.createObjectNode();
            directory
                    .put("newNonce", at("/nonce"))
                    .put("newAccount", at("/account"))
                    .put("newOrder", at("/order"));
            directory.put("revokeCert", at("/revoke")).put("keyChange", at("/key"));
            return found(200, directory, Map.of());
        }
        if (path.equals("/nonce")) {
            return new Answer(200, "text/plain", new byte[0], Map.of());
        }
        SignedRequest request = SignedRequest.parse(exchange.getRequestBody().readAllBytes());
        if (!nonces.remove(request.header().path("nonce").asString(""))) {
            return problem(400, "badNonce", "no such nonce");
        }
        boolean first = path.equals("/account");
        JsonNode key = first
                ? request.header().get("jwk")
                : accounts.get(request.header().path("kid").asString(""));
        boolean here = request.header().path("url").asString("").equals(at(path));
        if (key == null || !here || !request.isBy(key)) {
            return problem(403, "unauthorized", "not signed by an account that is known");
        }
        return first ? account(key) : answer(path, request, key);
    }

    private Answer account(JsonNode key) throws GeneralSecurityException {
        String place = at("/account/" + SignedRequest.thumbprint(key));
        boolean known = accounts.put(place, key) != null;
        return found(known ? 200 : 201, json.createObjectNode().put("status", "valid"), Map.of("Location", place));
    }

    private Answer answer(String path, SignedRequest request, JsonNode key)
            throws IOException, GeneralSecurityException, PKCSException, OperatorCreationException {
        if (path.equals("/order")) {
            return busy.isPresent() ? tooMany(busy.get()) : order(request, key);
        }
        String[] parts = path.split("/", -1);
        Order order = orders.get(parts[2]);
        if (order == null || !order.account.equals(key)) {
            return problem(404, "malformed", "no such order");
        }
        return switch (parts[1]) {
            case "order" -> found(200, shown(order), Map.of("Location", at("/order/" + order.number)));
            case "authorization" -> found(200, authorization(order), Map.of());
            case "challenge" -> challenge(order, parts[3], request);
            case "finalize" -> sign(order, request.content().path("csr").asString(""));
            case "certificate" ->
                new Answer(
                        200,
                        "application/pem-certificate-chain",
                        order.chain.getBytes(StandardCharsets.US_ASCII),
                        Map.of());
            default -> problem(404, "malformed", path);
        };
    }

    private Answer tooMany(Duration wait) {
        Answer refusal = problem(429, "rateLimited", "too many certificates already issued");
        return new Answer(429, refusal.type, refusal.body, Map.of("Retry-After", Long.toString(wait.toSeconds())));
    }

    private Answer order(SignedRequest request, JsonNode key) {
        JsonNode identifier = request.content().get("identifiers").get(0);
        Order order = new Order(
                Integer.toString(numbers.incrementAndGet()),
                identifier.get("value").asString(),
                key);
        orders.put(order.number, order);
        ordered.add(order.name);
        tokens.add(order.token);
        int open = (int) orders.values().stream()
                .filter(each -> each.status.equals("pending") || each.status.equals("ready"))
                .count();
        busiest.accumulateAndGet(open, Math::max);
        return found(201, shown(order), Map.of("Location", at("/order/" + order.number)));
    }

    private ObjectNode shown(Order order) {
        ObjectNode shown = json.createObjectNode().put("status", order.status);
        shown.putArray("identifiers").addObject().put("type", "dns").put("value", order.name);
        shown.putArray("authorizations").add(at("/authorization/" + order.number));
        shown.put("finalize", at("/finalize/" + order.number));
        if (order.status.equals("valid")) {
            shown.put("certificate", at("/certificate/" + order.number));
        }
        return shown;
    }

    private ObjectNode authorization(Order order) {
        String status = authorized(order);
        ObjectNode shown = json.createObjectNode().put("status", status);
        shown.putObject("identifier").put("type", "dns").put("value", order.name);
        var challenges = shown.putArray("challenges");
        for (String type : List.of("dns-01", "http-01", "tls-alpn-01")) {
            challenges.add(challenge(order, type));
        }
        return shown;
    }

    private static String authorized(Order order) {
        return switch (order.status) {
            case "ready", "valid" -> "valid";
            default -> order.status;
        };
    }

    private ObjectNode challenge(Order order, String type) {
        ObjectNode shown = json.createObjectNode().put("type", type).put("status", authorized(order));
        shown.put("url", at("/challenge/" + order.number + "/" + type)).put("token", order.token);
        if (!order.error.isEmpty()) {
            shown.putObject("error")
                    .put("type", "urn:ietf:params:acme:error:unauthorized")
                    .put("detail", order.error);
        }
        return shown;
    }

    /** Looks at once. */
    private Answer challenge(Order order, String type, SignedRequest request) throws GeneralSecurityException {
        if (!request.payload().isEmpty() && order.status.equals("pending")) {
            String token = expectsAnother ? order.token + "x" : order.token;
            String expected = token + "." + SignedRequest.thumbprint(order.account);
            order.error = type.equals("http-01")
                    ? lookout.request(order.name, order.token, expected)
                    : lookout.handshake(order.name, expected);
            order.status = order.error.isEmpty() ? "ready" : "invalid";
            proven.add(type);
        }
        return found(
                200,
                challenge(order, type),
                Map.of("Link", "<" + at("/authorization/" + order.number) + ">;rel=\"up\""));
    }

    private Answer sign(Order order, String request)
            throws IOException, GeneralSecurityException, PKCSException, OperatorCreationException {
        PKCS10CertificationRequest parsed = new PKCS10CertificationRequest(SignedRequest.decoded(request));
        GeneralNames names =
                GeneralNames.fromExtensions(parsed.getRequestedExtensions(), Extension.subjectAlternativeName);
        boolean right =
                parsed.isSignatureValid(new JcaContentVerifierProviderBuilder().build(parsed.getSubjectPublicKeyInfo()))
                        && new GeneralNames(new GeneralName(GeneralName.dNSName, order.name)).equals(names);
        if (!right || !order.status.equals("ready")) {
            return problem(403, "badCSR", "not what was ordered");
        }
        var key = new JcaPEMKeyConverter().getPublicKey(parsed.getSubjectPublicKeyInfo());
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(issuer.issueServer(key, List.of(order.name), clock.instant(), VALIDITY));
        chain.add(issuer.certificate());
        order.chain = Keys.pem(chain);
        order.status = "valid";
        return found(200, shown(order), Map.of("Location", at("/order/" + order.number)));
    }

    private Answer found(int status, ObjectNode body, Map<String, String> headers) {
        return new Answer(status, "application/json", json.writeValueAsBytes(body), headers);
    }

    private Answer problem(int status, String type, String detail) {
        ObjectNode body = json.createObjectNode()
                .put("type", "urn:ietf:params:acme:error:" + type)
                .put("detail", detail);
        return new Answer(status, "application/problem+json", json.writeValueAsBytes(body), Map.of());
    }
}
