package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.control.identity.IdentityAuthority;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class IdentityQuestionTest {

    @TempDir
    Path folder;

    private IdentityAuthority authority;
    private IdentityQuestion question;

    @BeforeEach
    void open() throws IOException {
        authority = IdentityAuthority.open(folder, Clock.systemUTC(), IdentityAuthority.LEAF_VALIDITY);
        question = new IdentityQuestion(authority);
    }

    @AfterEach
    void close() {
        authority.close();
    }

    private static JsonNode last(JsonNode answer) {
        return answer.path("rows").get(answer.path("rows").size() - 1);
    }

    @Test
    void revokesACertificateByTheSerialNumberThatItTells() {
        var _ = authority.certificate(WorkloadIdentity.EDGE);
        JsonNode leaf = last(question.answer("GET", ""));
        String serial = leaf.path("serial").asString("");
        JsonNode revoked = last(question.answer("POST", "revocation/certificate/" + serial));
        assertThat(revoked.path("kind").asString("")).isEqualTo("revoked");
        assertThat(revoked.path("serial").asString("")).isEqualTo(serial);
        assertThat(authority.revocations()).hasSize(1);
    }

    @Test
    void revokesAllOfAnAccount() {
        JsonNode revoked = last(question.answer("POST", "revocation/workload/weft/edge"));
        assertThat(revoked.path("name").asString("")).startsWith(WorkloadIdentity.EDGE.uri() + " before ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "revocation",
                "revocation/all",
                "revocation/certificate",
                "revocation/certificate/xyz",
                "revocation/certificate/-1",
                "revocation/workload/weft",
                "revocation/workload/weft/",
                "revocation/workload/weft/edge/more"
            })
    void revokesNothingThatIsNotNamedWell(String rest) {
        assertThatThrownBy(() -> question.answer("POST", rest)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> question.answer("GET", rest)).isInstanceOf(IllegalArgumentException.class);
        assertThat(authority.revocations()).isEmpty();
    }
}
