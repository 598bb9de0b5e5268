package dev.weft.catalog.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.Verdict;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class ResourceRowsTest {

    private static final Key SPLIT = Kinds.TRAFFIC_SPLIT.key("shop", "checkout");
    private static final String READY = "{\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}";

    @Test
    void aRefusedResourceFailsWhateverItsStatusSays() {
        ResourceRow row = ResourceRows.row(resource(SPLIT, READY), Optional.of(verdict(Problem.Severity.ERROR)));

        assertThat(row.state()).isEqualTo(ResourceRow.State.FAILED);
        assertThat(row.message()).isEqualTo("backend \"v2\" has no Service. Create Service v2.");
    }

    @Test
    void aRemarkDoesNotMakeItFail() {
        ResourceRow row = ResourceRows.row(resource(SPLIT, READY), Optional.of(verdict(Problem.Severity.WARNING)));

        assertThat(row.state()).isEqualTo(ResourceRow.State.REMARK);
    }

    @Test
    void itsOwnConditionSpeaksOtherwise() {
        String failed = "{\"conditions\": [{\"type\": \"Ready\", \"status\": \"False\", \"reason\": \"NoImage\"}]}";
        String unknown = "{\"conditions\": [{\"type\": \"Ready\", \"status\": \"Unknown\"}]}";
        Verdict accepted = new Verdict(SPLIT.reference(), 1, List.of());

        assertThat(ResourceRows.row(resource(SPLIT, failed), Optional.of(accepted)))
                .isEqualTo(new ResourceRow(SPLIT, ResourceRow.State.FAILED, "NoImage", ""));
        assertThat(ResourceRows.row(resource(SPLIT, unknown), Optional.empty()).state())
                .isEqualTo(ResourceRow.State.WAITING);
        assertThat(ResourceRows.row(resource(SPLIT, "{}"), Optional.of(accepted)))
                .isEqualTo(new ResourceRow(SPLIT, ResourceRow.State.READY, "Accepted", ""));
    }

    @Test
    void aPodThatWaitsForAnImageSaysWhich() {
        String status = "{\"phase\": \"Pending\", \"containerStatuses\": [{\"state\": {\"waiting\": {\"reason\": "
                + "\"ImageNotLocal\", \"message\": \"example.com/a is not local\"}}}]}";
        Key pod = Kinds.POD.key("shop", "a-1");

        assertThat(ResourceRows.row(resource(pod, status), Optional.empty()))
                .isEqualTo(
                        new ResourceRow(pod, ResourceRow.State.FAILED, "ImageNotLocal", "example.com/a is not local"));
    }

    private static Verdict verdict(Problem.Severity severity) {
        Problem problem = new Problem(
                Location.API,
                SPLIT.reference(),
                "spec.backends[1]",
                "BackendNotFound",
                "backend \"v2\" has no Service.",
                "Create Service v2.",
                severity);
        return new Verdict(SPLIT.reference(), 1, List.of(problem));
    }

    private static Resource resource(Key key, String status) {
        ObjectNode json = Resource.of(key).edit();
        json.set("status", JsonMapper.shared().readTree(status));
        return new Resource(key.kind(), json);
    }
}
