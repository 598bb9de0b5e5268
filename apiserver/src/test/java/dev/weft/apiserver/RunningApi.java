package dev.weft.apiserver;

import dev.weft.apiserver.figures.UsageFigures;
import dev.weft.apiserver.rest.PodLogs;
import dev.weft.apiserver.store.SqliteStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.Handler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An API on a free port with a client that trusts it, for tests. */
final class RunningApi implements AutoCloseable {

    record Answer(int status, JsonNode json, HttpResponse<String> response) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PodLogs LOGS = (request, out) -> {
        if (!request.pod().equals("talker")) {
            return false;
        }
        out.write(("tail " + request.tailLines().orElse(-1) + "\n").getBytes(StandardCharsets.UTF_8));
        return true;
    };

    final SqliteStore store;
    final ApiServer server;
    private final HttpClient client;
    private final String token;

    RunningApi(Path data, Map<String, Handler> extensions) throws IOException, GeneralSecurityException {
        this(data, extensions, System::nanoTime, Long.MAX_VALUE);
    }

    /** With a time of its own for slow clients, and so much for answers that wait for them. */
    RunningApi(Path data, Map<String, Handler> extensions, LongSupplier nanos, long waitingBytesMax)
            throws IOException, GeneralSecurityException {
        this.store = new SqliteStore(data, InstantSource.system());
        this.server = new ApiServer(
                ApiOptions.on(data, 0, LOGS, new ThisMachine(), UsageFigures.NONE),
                store,
                extensions,
                nanos,
                waitingBytesMax);
        server.start();
        this.token = Files.readString(data.resolve("api/token"));
        this.client = HttpClient.newBuilder()
                .sslContext(trusting(data.resolve("api/ca.crt")))
                .build();
    }

    RunningApi(Path data) throws IOException, GeneralSecurityException {
        this(data, Map.of());
    }

    private RunningApi(RunningApi same, String token) {
        this.store = same.store;
        this.server = same.server;
        this.client = same.client;
        this.token = token;
    }

    /** The same server asked with another token. */
    RunningApi as(String otherToken) {
        return new RunningApi(this, otherToken);
    }

    Answer get(String path) throws Exception {
        return send(request(path).GET());
    }

    Answer getAs(String accept, String path) throws Exception {
        return send(request(path).header("Accept", accept).GET());
    }

    Answer getWith(String header, String value, String path) throws Exception {
        return send(request(path).header(header, value).GET());
    }

    Answer post(String path, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(quoted(json))));
    }

    Answer put(String path, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(quoted(json))));
    }

    Answer patch(String path, String type, String json) throws Exception {
        return send(request(path)
                .header("Content-Type", type)
                .method("PATCH", HttpRequest.BodyPublishers.ofString(quoted(json))));
    }

    /** By any method; of the headers a name and a value each. */
    Answer send(String method, String path, String json, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.ofString(quoted(json)));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    Answer delete(String path) throws Exception {
        return send(request(path).DELETE());
    }

    Answer anonymous(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(PATIENCE));
    }

    String token() {
        return token;
    }

    /** A connection that has said this and no more; it gives up waiting before the server takes it for idle. */
    Socket stranger(String said) throws IOException {
        Socket socket = client.sslContext().getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** A connection that has asked with the token, and for which the kernel keeps little of what is not read. */
    Socket asking(String path, String... headers) throws IOException {
        Socket socket = client.sslContext().getSocketFactory().createSocket();
        socket.setReceiveBufferSize(4 << 10);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n"
                + String.join("", headers) + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** The lines of a watch, as they come. */
    Stream<JsonNode> watch(String path) throws Exception {
        HttpResponse<Stream<String>> response = client.send(request(path).GET().build(), BodyHandlers.ofLines());
        return response.body().map(JsonMapper.shared()::readTree);
    }

    @Override
    public void close() {
        server.close();
        store.close();
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        boolean json = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/json"))
                .isPresent();
        JsonMapper mapper = JsonMapper.shared();
        return new Answer(
                response.statusCode(), json ? mapper.readTree(response.body()) : mapper.createObjectNode(), response);
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "weft", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
