package dev.weft.acceptance;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A platform whose pods run small programs that listen on port 8080, as they all do, and one that does what it is asked. */
final class PodVillage implements AutoCloseable {

    private static final Pattern OF_PROGRAMS =
            Pattern.compile(".*/(io/grpc|io/perfmark|io/opencensus|com/google|com/squareup|org/jetbrains)/.*[.]jar");

    private static final Pattern CONSOLE = Pattern.compile("console +(http://\\S+)");

    private final Path folder;
    private final RunningPlatform platform;
    private final HttpServer host;

    private PodVillage(Path folder, RunningPlatform platform, HttpServer host) {
        this.folder = folder;
        this.platform = platform;
        this.host = host;
    }

    static PodVillage start(Setting setting) {
        try {
            Path folder = Files.createTempDirectory("weft-pods");
            setting.require(folder);
            HttpServer host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
            host.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("of this machine".getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            });
            host.start();
            Files.writeString(
                    folder.resolve("host-port"),
                    Integer.toString(host.getAddress().getPort()));
            programs(folder);
            Path file = folder.resolve("village.yaml");
            Files.writeString(file, declared());
            setting.handOver(folder);
            RunningPlatform platform = RunningPlatform.start(folder.resolve("data"), setting, file);
            PodVillage village = new PodVillage(folder, platform, host);
            try {
                village.awaitAnswers();
                return village;
            } catch (AssertionError e) {
                village.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswers() {
        Eventually.holds(
                "pods that answer",
                Duration.ofMinutes(3),
                () -> inPod("curl -s http://quote/").contains("quote for ")
                        && inPod("python3 greet.py $GREETER_SERVICE_HOST $GREETER_SERVICE_PORT")
                                .contains("220")
                        && Stream.of("quote", "greeter", "echo", "caller")
                                .allMatch(name -> platform.kubectl("get", "deployment", name)
                                        .output()
                                        .contains("1/1")),
                platform::output);
    }

    private static void programs(Path folder) throws IOException {
        Files.writeString(folder.resolve("quote.py"), """
                import http.server, os, socket, threading
                class Answer(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200); self.end_headers()
                        name = socket.gethostname()
                        told = 'quote for ' + self.headers.get('l5d-client-id', 'nobody')
                        self.wfile.write((name if self.path == '/name' else told).encode())
                    def log_message(self, *rest): pass
                class Server(http.server.ThreadingHTTPServer): request_queue_size = 1000
                aside = threading.Thread(target=Server(('', 0 if int(os.environ['PORT']) != 8080 else 9090), Answer).serve_forever)
                aside.start()
                Server(('', int(os.environ['PORT'])), Answer).serve_forever()
                """);
        Files.writeString(folder.resolve("greeter.py"), """
                import os, socketserver
                class Greet(socketserver.StreamRequestHandler):
                    def handle(self):
                        self.wfile.write(b'220 greetings\\n'); self.wfile.flush()
                        self.wfile.write(b'you said ' + self.rfile.readline())
                socketserver.ThreadingTCPServer.allow_reuse_address = True
                socketserver.ThreadingTCPServer(('', int(os.environ['PORT'])), Greet).serve_forever()
                """);
        Files.writeString(folder.resolve("caller.py"), """
                import http.server, os, subprocess, urllib.parse
                class Run(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        script = urllib.parse.unquote_plus(self.path[2:])
                        run = subprocess.run(['sh', '-c', script], capture_output=True, text=True, timeout=60)
                        told = run.stdout if run.returncode == 0 else run.stdout + run.stderr
                        self.send_response(200); self.end_headers(); self.wfile.write(told.encode())
                    def log_message(self, *rest): pass
                http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), Run).serve_forever()
                """);
        Files.writeString(folder.resolve("greet.py"), """
                import socket, sys
                s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 20); f = s.makefile('rw')
                print(f.readline().strip()); f.write('hello\\n'); f.flush(); print(f.readline().strip())
                """);
        Files.writeString(
                folder.resolve("ask.py"),
                "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=20).read().decode())");
        copy(folder, "tamper.py", "dns.py", "connect.py");
        Path lib = Files.createDirectory(folder.resolve("lib"));
        for (String jar : classPath().split(":", -1)) {
            if (OF_PROGRAMS.matcher(jar).matches()) {
                Files.copy(Path.of(jar), lib.resolve(Path.of(jar).getFileName()));
            }
        }
        for (Class<?> program : new Class<?>[] {JavaCaller.class, GrpcProgram.class}) {
            String file = program.getName().replace('.', '/') + ".class";
            Path target = folder.resolve("classes").resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream bytes = program.getClassLoader().getResourceAsStream(file)) {
                Files.write(target, Objects.requireNonNull(bytes).readAllBytes());
            }
        }
    }

    private static void copy(Path folder, String... files) throws IOException {
        for (String file : files) {
            try (InputStream bytes = PodVillage.class.getResourceAsStream(file)) {
                Files.write(
                        folder.resolve(file),
                        Objects.requireNonNull(bytes, file).readAllBytes());
            }
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String declared() {
        return program("quote", "python3, quote.py")
                + program("greeter", "python3, greeter.py")
                + program("caller", "python3, caller.py")
                + program("echo", java() + ", -cp, 'classes:lib/*', dev.weft.acceptance.GrpcProgram") + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: quotes}
                spec: {clusterIP: None, selector: {app: quote}, ports: [{name: http, port: 8080}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: elsewhere}
                spec: {type: ExternalName, externalName: host.weft.internal}
                ---
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: http}
                spec: {port: 8080, protocol: HTTP, securityModel: XFP, hostBinding: {namespace: {from: ALL}}}
                ---
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: caller}
                spec: {hostname: "*", prefix: /, service: "caller:80", timeout_ms: 60000}
                """;
    }

    /** A deployment of one program, and its service on port 80. */
    private static String program(String name, String command) {
        return """
                ---
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: NAME}
                spec: {command: [COMMAND]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: NAME}
                spec:
                  selector: {matchLabels: {app: NAME}}
                  template:
                    metadata: {labels: {app: NAME}}
                    spec:
                      serviceAccountName: NAME
                      containers: [{name: NAME, image: NAME, ports: [{containerPort: 8080}], env: [{name: JAVA, value: JDK}],
                        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: NAME, annotations: {timeout.linkerd.io/request: 60s}}
                spec: {selector: {app: NAME}, ports: [{port: 80, targetPort: 8080}]}
                """.replace("NAME", name).replace("COMMAND", command).replace("JDK", java());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    RunningPlatform platform() {
        return platform;
    }

    /** For files that pods see too. */
    Path folder() {
        return folder;
    }

    /** Of a server on this machine's 127.0.0.1 that answers {@code of this machine}. */
    int hostPort() {
        return host.getAddress().getPort();
    }

    /** What a shell prints in the caller's pod; what it complains of too, where it ends with a failure. */
    String inPod(String script) {
        HttpResponse<String> answer =
                platform.get("any.test", "/?" + URLEncoder.encode(script, StandardCharsets.UTF_8));
        return answer.body().strip();
    }

    /** Of the platform, as its console gives them. */
    String metrics() {
        Matcher console = CONSOLE.matcher(platform.output());
        if (!console.find()) {
            throw new IllegalStateException("no console in: " + platform.output());
        }
        return WeftCommand.run(folder, 30, List.of("curl", "-sS", console.group(1) + "/metrics"))
                .output();
    }

    void apply(String yaml) {
        try {
            Path file = Files.createTempFile(folder, "applied", ".yaml");
            Files.writeString(file, yaml);
            WeftCommand.Result result = platform.weft("apply", "-f", file.toString());
            if (result.exitCode() != 0) {
                throw new IllegalStateException(result.output());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        platform.close();
        host.stop(0);
        WeftCommand.run(60, new ProcessBuilder("rm", "-rf", folder.toString()));
    }
}
