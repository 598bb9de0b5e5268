package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.model.traffic.Endpoint;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of {@code io.grpc:grpc-interop-testing}, its client and its server in this process: each that passes direct
 * passes through one proxy, and through two with mutual TLS between them.
 */
class GrpcInteropTest {

    /** They look at what only a server that the case itself started has captured. */
    private static final Set<String> FAIL_DIRECT = Set.of("censusContextsPropagated", "sendsTimeoutHeader");

    private final Stage stage = new Stage();
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    private final Server server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
            .flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE)
            .addService(ServerInterceptors.intercept(new TestServiceImpl(executor), TestServiceImpl.interceptors()))
            .build();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();

    /** The client's cases, against whatever listens there. */
    static final class Cases extends AbstractInteropTest {

        private final String host;
        private final int port;

        Cases(String host, int port) {
            this.host = host;
            this.port = port;
        }

        @Override
        protected ManagedChannelBuilder<?> createChannelBuilder() {
            OkHttpChannelBuilder builder = OkHttpChannelBuilder.forAddress(host, port)
                    .usePlaintext()
                    .overrideAuthority("interop.default.svc.cluster.local:80")
                    .flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
                    .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
            return builder.intercept(createCensusStatsClientInterceptor());
        }

        @Override
        protected int operationTimeoutMillis() {
            return 60_000; // for a machine that has much else to do
        }

        @Override
        protected boolean metricsExpected() {
            return false; // what the server measures is not in reach
        }
    }

    @Test
    void thereAreAsManyCasesAsWereCounted() {
        assertThat(cases().stream().map(Method::getName).filter(name -> !FAIL_DIRECT.contains(name)))
                .hasSizeGreaterThanOrEqualTo(33);
    }

    static List<Method> cases() {
        return Arrays.stream(AbstractInteropTest.class.getMethods())
                .filter(GrpcInteropTest::isCase)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    /** By name: what marks them is JUnit 4's, and nothing else of that is wanted here. */
    private static boolean isCase(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(each -> each.annotationType().getName().equals("org.junit.Test"));
    }

    @BeforeEach
    void open() throws IOException {
        server.start();
        Endpoint pod =
                new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload("interop")), Endpoint.Transport.MESH);
        stage.scene
                .edge(edge)
                .host("*", "direct")
                .group("direct", Scene.plain(server.getPort()))
                .pod("caller", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("interop", "127.1.0.2", Ports.free(), inbound, server.getPort())
                .group("interop", pod);
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        server.shutdownNow();
        executor.shutdownNow();
        stage.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void passesAsItDoesDirect(Method method) throws Exception {
        Optional<Throwable> direct = failure(method, "127.0.0.1", server.getPort());
        assertThat(direct.isEmpty())
                .as("passes without a proxy: %s", direct)
                .isEqualTo(!FAIL_DIRECT.contains(method.getName()));
        assumeTrue(direct.isEmpty(), "it fails without a proxy too");
        assertThat(failure(method, "127.0.0.1", edge)).as("through the edge").isEmpty();
        assertThat(failure(method, "127.1.0.1", outbound))
                .as("through two proxies")
                .isEmpty();
    }

    private static Optional<Throwable> failure(Method method, String host, int port) throws IllegalAccessException {
        Cases cases = new Cases(host, port);
        cases.setUp();
        try {
            method.invoke(cases);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(e);
        } finally {
            cases.tearDown();
        }
    }
}
