package dev.weft.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.WeightedBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests in HTTP/1.1 share connections in HTTP/2 between two proxies; neither end can tell. */
class SharedHopTest {

    private static final String WORDS = "HTTP/1.1 200 OK|Content-Length: 5||words";

    private static final byte[] LARGE = new byte[16 << 20]; // more than the machine keeps for a client

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);
    private final AtomicInteger slow = new AtomicInteger();
    private final List<String> heads = new ArrayList<>();

    @BeforeEach
    void pods() throws IOException {
        int inbound = Ports.free();
        Upstream program = stage.upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                if (head.contains(" /slow ")) {
                    slow.incrementAndGet();
                    await(slowMayEnd);
                } else if (head.contains(" /large ")) {
                    peer.send("HTTP/1.1 200 OK|Content-Length: " + LARGE.length + "||")
                            .send(LARGE);
                    continue;
                } else {
                    synchronized (heads) {
                        heads.add(head);
                    }
                }
                peer.send(WORDS);
            }
        });
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH))
                .mesh(lasting("quote"));
        stage.show();
    }

    /** With a rule that lets its requests last: hundreds of them are begun one after the other. */
    private static Frontend lasting(String service) {
        Rule rule = new Rule(
                "all",
                Scene.SOURCE,
                List.of(),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(Scene.service(service)), 1)),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.DEFAULT);
        return new Frontend(service, Scene.SOURCE, List.of(), List.of(rule));
    }

    @AfterEach
    void close() throws IOException {
        slowMayEnd.countDown();
        stage.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Client hello() throws IOException {
        return stage.client("127.1.0.1", outbound);
    }

    /** All bytes from here to there without those, as ISO 8859-1 has them. */
    private static String bytes(int from, int to, String without) {
        return IntStream.rangeClosed(from, to)
                .filter(each -> without.indexOf(each) < 0)
                .mapToObj(each -> String.valueOf((char) each))
                .collect(Collectors.joining());
    }

    @Test
    void everyByteOfTargetsNamesAndValuesArrives() throws IOException {
        String target = "/" + bytes('!', '~', "#<>\\|");
        String name = "!#$%&'*+-.^_`~az09";
        String value = bytes('!', 255, "|\u007f") + " \t" + "end";
        String request = "PURGE " + target + " HTTP/1.1\r\nHost: quote\r\ncookie: a=b; c\r\n" + name + ": " + value
                + "\r\nempty:\r\n\r\n";
        assertThat(hello().send(request.getBytes(ISO_8859_1)).read().status()).isEqualTo(200);
        assertThat(heads.getLast())
                .startsWith("PURGE " + target + " HTTP/1.1|host: quote|")
                .contains("|cookie: a=b; c|" + name + ": " + value + "|empty: |");
    }

    @Test
    void manySlowOnesHoldNobodyUpOnFewConnections() throws IOException {
        List<Client> held = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            held.add(hello().send("GET /slow HTTP/1.1|Host: quote||"));
        }
        assertThat(hello().send("GET / HTTP/1.1|Host: quote||").read().status()).isEqualTo(200);
        assertThat(stage.outcomes.live().stream()
                        .filter(each -> each.hop() == Hop.INBOUND)
                        .count())
                .isLessThan(250 + 1 + 10); // to the program one each, from the other proxy few
        slowMayEnd.countDown();
        for (Client each : held) {
            assertThat(each.read().status()).isEqualTo(200);
        }
    }

    @Test
    void thoseThatReadNothingStopNobodyElsesAnswer() throws IOException {
        for (int i = 0; i < 40; i++) {
            hello().send("GET /large HTTP/1.1|Host: quote||").readHead();
        }
        Stage.await(() -> stage.proxy.queuedBytes() > 0);
        for (int i = 0; i < 4; i++) { // on each loop
            Client.Answer answer =
                    hello().send("GET /large HTTP/1.1|Host: quote||").read();
            assertThat(answer.body()).hasSize(LARGE.length);
        }
    }

    /** A service that is slower than its callers are patient. */
    @Test
    void thoseThatGiveUpBreakNobodyElsesCall() throws IOException {
        List<Client> patient = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            patient.add(hello().send("POST /slow HTTP/1.1|Host: quote|Content-Length: 0||"));
        }
        for (int i = 1; i <= 8; i++) {
            List<Client> impatient = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                impatient.add(hello().send("POST /slow HTTP/1.1|Host: quote|Content-Length: 0||"));
            }
            int arrived = patient.size() + i * 100;
            Stage.await(() -> slow.get() == arrived);
            for (Client each : impatient) {
                each.close();
            }
        }
        slowMayEnd.countDown();
        for (Client each : patient) {
            assertThat(each.read().status()).isEqualTo(200);
        }
    }

    /** There is no gRPC in HTTP/1.1: whatever this is, its program did not ask for HTTP/2. */
    @Test
    void whatLooksLikeACallReachesItsProgramAsItCame() throws IOException {
        Client.Answer answer = hello().send(
                        "POST / HTTP/1.1|Host: quote|Content-Type: application/grpc|Content-Length: 0||")
                .read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(heads.getLast()).startsWith("POST / HTTP/1.1|");
    }
}
