package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.proxy.network.Meaning;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod with a network to itself: whatever its programs connect to comes to the proxy, which asks what it means. */
class SteeredTest {

    private static final String SERVICE = "127.2.0.1";
    private static final String POD = "127.2.0.2";

    private final OneNetwork network = new OneNetwork(Scene.workload("hello"), Ports.free());
    private final OneNetwork called = new OneNetwork(Scene.workload("quote"), Ports.free());
    private final Stage stage = new Stage(pod -> network.of(pod).or(() -> called.of(pod)));
    private final int inbound = Ports.free();
    private Upstream program;

    @BeforeEach
    void pods() throws IOException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||ok");
        Endpoint quote =
                new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH);
        stage.scene
                .pod("hello", "127.1.0.1", Ports.free(), Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group(new EndpointGroup(Scene.service("quote"), List.of(quote), false, 0));
        network.means(SERVICE, new Meaning.Service(Scene.service("quote")))
                .means(POD, new Meaning.Pod("default/quote-1", 8080));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
        network.close();
        called.close();
    }

    private Client.Answer get(String address) throws IOException {
        return stage.client(address, network.port())
                .send("GET / HTTP/1.1|Host: whatever.example||")
                .read();
    }

    @Test
    void aServicesAddressLeadsToTheServiceWhateverHostIsNamed() throws IOException {
        assertThat(get(SERVICE).body()).isEqualTo("ok");
        assertThat(stage.outcomes.next(Hop.INBOUND).client().identity())
                .contains(Scene.workload("hello").identity());
        assertThat(stage.outcomes.next(Hop.OUTBOUND).service()).contains(Scene.service("quote"));
    }

    @Test
    void theProgramIsReachedInItsPodsNetwork() throws IOException {
        assertThat(get(SERVICE).body()).isEqualTo("ok");
        assertThat(called.made).hasValue(1);
        assertThat(network.made).hasValue(0);
    }

    @Test
    void aPodsAddressLeadsToThatPod() throws IOException {
        assertThat(get(POD).body()).isEqualTo("ok");
        assertThat(stage.outcomes.next(Hop.INBOUND).client().identity())
                .contains(Scene.workload("hello").identity());
        assertThat(stage.outcomes.next(Hop.OUTBOUND).service()).isEmpty();
    }

    @Test
    void aStreamReachesAPodByItsAddressToo() throws IOException {
        stage.scene.speaks("quote", DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        stage.show();
        Client client = stage.client(POD, network.port()).send("GET / HTTP/1.1|Host: quote||");
        assertThat(client.read().body()).isEqualTo("ok");
    }

    @Test
    void whatMeansNothingIsRefusedAndSaidSo() {
        assertThatThrownBy(() -> get("127.2.0.9")).isInstanceOf(IOException.class);
        RefusedConnection refused = stage.outcomes.nextRefused();
        assertThat(refused.error()).isEqualTo(ErrorCode.ROUTE_NOT_FOUND);
        assertThat(refused.detail()).isEqualTo("nobody lives there");
    }

    @Test
    void aPortThatThePodDoesNotDeclareIsRefused() {
        network.means(POD, new Meaning.Pod("default/quote-1", 9));
        assertThatThrownBy(() -> get(POD)).isInstanceOf(IOException.class);
        assertThat(stage.outcomes.nextRefused().detail()).isEqualTo("pod default/quote-1 declares no port 9");
    }

    @Test
    void connectionsWaitWhileNobodyHearsThePod() throws IOException {
        stage.scene.noPod("hello");
        stage.show();
        Client client = stage.client(SERVICE, network.port()).send("GET / HTTP/1.1|Host: quote||");
        stage.scene.pod("hello", "127.1.0.1", Ports.free(), Ports.free(), 1);
        stage.show();
        assertThat(client.read().body()).isEqualTo("ok");
    }
}
