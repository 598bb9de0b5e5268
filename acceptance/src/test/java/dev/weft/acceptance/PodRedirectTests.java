package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All that programs in pods can do, on a kernel that has no TPROXY, as it seems to this platform. */
@Tag("full")
@Timeout(300)
class PodRedirectTests {

    private static PodVillage village;

    @BeforeAll
    static void start() {
        village = PodVillage.start(Setting.NAMESPACES_BY_REDIRECT);
    }

    @AfterAll
    static void stop() throws IOException {
        if (village != null) {
            village.close();
        }
    }

    static List<Ability> all() {
        return Ability.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyProgramReachesWhatItReachesByTproxy(Ability ability) {
        Tools.require(ability.tool());
        assertThat(village.inPod(ability.script())).as(ability.does()).isEqualTo(ability.printed());
    }
}
