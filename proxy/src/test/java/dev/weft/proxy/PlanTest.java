package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.network.Networks;
import dev.weft.proxy.network.PodNetwork;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final Networks ALL_GONE = new Networks() {
        @Override
        public Optional<PodNetwork> of(String pod) {
            return Optional.empty();
        }

        @Override
        public boolean everyPod() {
            return true;
        }
    };

    @Test
    void nothingListensOnTheHostForAPodWhoseNetworkIsGone() {
        Scene scene = new Scene().pod("hello", "127.1.0.1", 15_001, 4143, 8080);
        scene.show();
        assertThat(Plan.of(scene.current(), Networks.NONE)).hasSize(2);
        assertThat(Plan.of(scene.current(), ALL_GONE)).isEmpty();
    }
}
