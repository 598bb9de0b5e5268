package dev.weft.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.linux.Steering;
import dev.weft.runtime.names.Reached;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.Namespaces;
import dev.weft.runtime.process.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod is, seen from inside and from the node. Runs where namespaces are allowed. */
@Timeout(120)
class NamespaceWireTest {

    private static final String SERVER = """
        import http.server
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers(); self.wfile.write(b'%s')
            def log_message(self, *rest): pass
        http.server.HTTPServer(('0.0.0.0', 8080), Answer).serve_forever()
        """;

    @TempDir
    private Path folder;

    private Village village;

    @BeforeEach
    void village() throws IOException {
        Namespaces.require(); // no tool is missing, the kernel or a container forbids it
        village = new Village(folder);
    }

    @AfterEach
    void close() {
        if (village != null) {
            village.close();
        }
    }

    private static String answer(PodWire pod, int port) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (Socket socket = pod.socket()) {
                socket.connect(new InetSocketAddress(pod.address(), port), 5_000);
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                return all.substring(all.indexOf("\r\n\r\n") + 4);
            } catch (IOException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @Test
    void severalPodsListenOnTheSamePortAndTheNodeReachesEach() throws IOException {
        Map<String, PodWire> pods = new HashMap<>();
        for (String name : List.of("a", "b", "c", "d")) {
            pods.put(name, village.pod(name, 8080));
            village.start(pods.get(name), "python3", "-c", SERVER.formatted(name));
        }
        for (Map.Entry<String, PodWire> each : pods.entrySet()) {
            assertThat(answer(each.getValue(), 8080)).isEqualTo(each.getKey());
        }
    }

    @Test
    void whateverAProgramConnectsToArrivesWithTheAddressThatWasAsked() throws IOException {
        PodWire pod = village.pod("caller");
        try (Listening steered = new Listening(village.network("caller").listener())) {
            village.start(pod, "curl", "-s", "-m", "60", "http://203.0.113.7:8123/");
            assertThat(steered.nextAsked()).isEqualTo("203.0.113.7 8123");
            village.start(pod, "curl", "-s", "-m", "60", "http://[2001:db8::7]:80/");
            assertThat(steered.nextAsked()).isEqualTo("2001:db8:0:0:0:0:0:7 80");
        }
    }

    @Test
    void aKernelWithoutTproxyTellsTheAddressTooByRedirect() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Village redirecting = new Village(other, Maker.start(Steering.Way.CHANGED))) {
            PodWire pod = redirecting.pod("caller", 8080);
            redirecting.start(pod, "python3", "-c", SERVER.formatted("mine"));
            assertThat(answer(pod, 8080)).isEqualTo("mine");
            assertThat(redirecting.output(
                            pod, "curl -s http://127.0.0.1:8080/; curl -s http://" + pod.address() + ":8080/"))
                    .isEqualTo("minemine");
            assertThat(redirecting.output(pod, "getent hosts absent.shop; echo done"))
                    .isEqualTo("done");
            try (Listening steered = new Listening(redirecting.network("caller").listener())) {
                redirecting.start(pod, "curl", "-s", "-m", "60", "http://203.0.113.7:8123/");
                assertThat(steered.nextAsked()).isEqualTo("203.0.113.7 8123");
                redirecting.start(pod, "curl", "-s", "-m", "60", "http://[2001:db8::7]:80/");
                assertThat(steered.nextAsked()).isEqualTo("2001:db8:0:0:0:0:0:7 80");
            }
        }
    }

    @Test
    void aProgramsOwnAddressesStayInThePod() throws IOException {
        PodWire pod = village.pod("own", 8080);
        village.start(pod, "python3", "-c", SERVER.formatted("mine"));
        assertThat(answer(pod, 8080)).isEqualTo("mine");
        assertThat(village.output(
                        pod,
                        "curl -s http://127.0.0.1:8080/; curl -s http://localhost:8080/; curl -s http://"
                                + pod.address() + ":8080/"))
                .isEqualTo("mineminemine");
    }

    @Test
    void theHostsOwnPortsAreOutOfReach() throws IOException {
        PodWire pod = village.pod("prisoner");
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(village.output(pod, "curl -s -m 5 http://127.0.0.1:" + host.getLocalPort() + "/; echo $?"))
                    .isEqualTo("7");
        }
    }

    @Test
    void whatIsNeitherTcpNorAQuestionForANameFailsAtOnce() throws IOException {
        PodWire pod = village.pod("udp");
        String script = """
            python3 - <<'END'
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30)
            s.connect(('203.0.113.9', 443))
            try:
                s.send(b'x'); s.recv(1)
            except OSError as e: print(type(e).__name__)
            END
            """;
        assertThat(village.output(pod, script)).isEqualTo("ConnectionRefusedError");
    }

    @Test
    void aProgramHasNoPowerOverItsNetworkAndSeesNoOthers() throws IOException {
        PodWire pod = village.pod("prisoner");
        assertThat(village.output(
                        pod,
                        "ip link set lo down 2>&1; nsenter --net=/proc/1/ns/net true 2>&1; ls /proc"
                                + " | grep -c '^[0-9]'; ls /sys/class/net; hostname; grep CapEff /proc/self/status"))
                .contains("Operation not permitted")
                .contains("nsenter: reassociate to namespace 'ns/net' failed")
                .contains("\nlo\nprisoner\n")
                .endsWith("0000000000000000");
    }

    @Test
    void everyProgramMayListenOnPort80() throws IOException {
        PodWire pod = village.pod("eighty", 80);
        village.start(pod, "python3", "-c", SERVER.replace("8080", "80").formatted("eighty"));
        assertThat(answer(pod, 80)).isEqualTo("eighty");
    }

    @Test
    void namesAreAnsweredByWhomeverIsAsked() throws IOException {
        village.service("quote", "{'ports': [{'name': 'http', 'port': 80}]}");
        PodWire pod = village.pod("asking");
        String script = """
            python3 - <<'END'
            import socket
            def all(name): return sorted({a[4][0] for a in socket.getaddrinfo(name, 80)})
            four, six = all('quote')
            assert four.startswith('10.96.') and six.startswith('fd10:96::'), (four, six)
            for name in ('quote.shop', 'quote.shop.svc', 'quote.shop.svc.cluster.local', 'quote.shop.svc.cluster.local.'):
                assert all(name) == [four, six], name
            assert socket.gethostbyaddr(four)[0] == 'quote.shop.svc.cluster.local'
            try: all('absent.shop'); assert False
            except socket.gaierror: pass
            q = bytes.fromhex('abcd01000001000000000000') + b'\\x05quote\\x04shop\\x03svc\\x07cluster\\x05local\\x00\\x00\\x01\\x00\\x01'
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30)
            s.sendto(q, ('198.51.100.53', 53)); a, who = s.recvfrom(512)
            assert who == ('198.51.100.53', 53) and socket.inet_ntoa(a[-4:]) == four, (who, a)
            t = socket.create_connection(('198.51.100.53', 53), 30)
            t.sendall(len(q).to_bytes(2, 'big') + q)
            told = b''
            while len(told) < 2 + len(a):
                more = t.recv(600); assert more, told; told += more
            assert told == len(a).to_bytes(2, 'big') + a, told
            t.sendall((4097).to_bytes(2, 'big')); assert t.recv(1) == b'' # longer than any question
            srv = q[:12] + b'\\x05_http\\x04_tcp' + q[12:-4] + b'\\x00\\x21\\x00\\x01'
            s.sendto(srv, ('198.51.100.53', 53)); a = s.recv(512)
            assert a[7] == 1 and b'\\x00\\x50\\x05quote\\x04shop' in a, a
            print('good')
            END
            """;
        assertThat(village.output(pod, script)).isEqualTo("good");
    }

    @Test
    void questionsOverTcpHaveHardLimits() throws IOException {
        village.service("quote", "{'ports': [{'name': 'http', 'port': 80}]}");
        PodWire pod = village.pod("asking");
        String script = """
            python3 - <<'END'
            import socket
            q = bytes.fromhex('abcd01000001000000000000') + b'\\x05quote\\x04shop\\x03svc\\x07cluster\\x05local\\x00\\x00\\x01\\x00\\x01'
            q = len(q).to_bytes(2, 'big') + q
            def ask(c): c.sendall(q); return len(c.recv(600)) > 40
            open = [socket.create_connection(('10.96.0.10', 53), 30) for _ in range(64)]
            assert all([ask(c) for c in open]), 'each is answered'
            more = socket.create_connection(('10.96.0.10', 53), 30)
            try: assert more.recv(1) == b'', 'one more is closed'
            except ConnectionResetError: pass
            open.pop().close()
            while True:
                again = socket.create_connection(('10.96.0.10', 53), 30)
                try:
                    if ask(again): break
                except OSError: pass
            assert ask(open[0]) and ask(open[0]), 'several questions on one connection'
            open[1].sendall(b'\\0\\1x'); assert open[1].recv(1) == b'', 'no question is closed'
            print('good')
            END
            """;
        assertThat(village.output(pod, script)).isEqualTo("good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deny", "Deny"})
    void namesOutsideAreRefusedWhereTheNamespaceDeniesThem(String policy) throws IOException {
        village.egress(policy);
        PodWire pod = village.pod("asking");
        String script = """
            python3 - <<'END'
            import socket
            q = bytes.fromhex('abcd01000001000000000000') + b'\\x06secret\\x07example\\x00\\x00\\x01\\x00\\x01'
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(30)
            s.sendto(q, ('198.51.100.53', 53)); print(s.recv(512)[3] & 15)
            END
            """;
        assertThat(village.output(pod, script)).isEqualTo("5");
        assertThat(village.names.reached("shop/caller", new InetSocketAddress("10.96.0.2", 5432)))
                .isInstanceOf(Reached.Nothing.class);
    }

    @Test
    void theHostIsReachedByItsNameButNotThePlatformsOwnPorts() {
        village.names.platformPorts(6443, Set.of(6443));
        assertThat(village.names.reached("shop/caller", new InetSocketAddress("10.96.0.2", 5432)))
                .isEqualTo(new Reached.Outside("host.weft.internal", "127.0.0.1", 5432));
        assertThat(village.names.reached("shop/caller", new InetSocketAddress("10.96.0.2", 6443)))
                .isInstanceOf(Reached.Nothing.class);
    }

    @Test
    void noThreadButTheMakerLeavesTheHostsNetwork() throws IOException {
        PodWire pod = village.pod("one", 8080);
        assertThat(village.output(pod, "getent hosts absent.shop; echo done")).isEqualTo("done");
        pod.socket().close();
        String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            Set<String> others = threads.filter(thread -> !network(thread).equals(host))
                    .map(NamespaceWireTest::name)
                    .filter(name -> !name.isEmpty()) // ended meanwhile
                    .collect(Collectors.toSet());
            assertThat(others).containsExactly("weft-maker");
        }
    }

    private static String network(Path thread) {
        try {
            return Files.readSymbolicLink(thread.resolve("ns/net")).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void nothingIsLeftOfAPodThatIsGone() throws IOException {
        PodWire pod = village.pod("short", 8080);
        RunningProcess program = village.start(pod, "sleep", "1000");
        String network = village.output(pod, "readlink /proc/self/ns/net");
        program.kill();
        program.exit().join();
        pod.close();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            assertThat(processes
                            .filter(each -> each.getFileName().toString().matches("[0-9]+"))
                            .filter(each -> network(each).equals(network)))
                    .isEmpty();
        }
        assertThat(folder.resolve("pods").resolve("0")).doesNotExist();
    }

    @Test
    void socketsOfANetworkWorkOnAnyThread() throws IOException {
        village.pod("datagrams");
        DatagramChannel inside = village.network("datagrams").call(DatagramChannel::open);
        try (inside) {
            inside.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            inside.send(ByteBuffer.wrap(new byte[] {1}), inside.getLocalAddress());
            ByteBuffer received = ByteBuffer.allocate(2);
            inside.receive(received);
            assertThat(received.position()).isEqualTo(1);
        }
    }
}
