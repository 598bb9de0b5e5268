package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import org.junit.jupiter.api.Test;

/** Everything there is, out and in again, while the server runs. */
class BackupTest extends ApiTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @Test
    void bringsBackWhatWasThere() throws Exception {
        Answer kept = create("kept", "1");
        create("changed", "1");
        String backup = api.get("/weft/v1/backup").response().body();
        api.delete(MAPS + "/kept");
        api.put(MAPS + "/changed", map("changed", "2"));
        create("later", "1");

        Answer restored = api.post("/weft/v1/backup", backup);

        assertThat(restored.status()).as(restored.json().toString()).isEqualTo(200);
        Answer again = api.get(MAPS + "/kept");
        assertThat(again.json().at("/metadata/uid")).isEqualTo(kept.json().at("/metadata/uid"));
        assertThat(again.json().at("/metadata/resourceVersion").asLong(0))
                .isGreaterThan(kept.json().at("/metadata/resourceVersion").asLong(0));
        assertThat(api.get(MAPS + "/changed").json().at("/data/a").asString("")).isEqualTo("1");
        assertThat(api.get(MAPS + "/later").status()).isEqualTo(404);
    }

    @Test
    void takesNoBackupThatIsNotWhole() throws Exception {
        create("kept", "1");
        String backup = api.get("/weft/v1/backup").response().body();
        String cut = backup.substring(0, backup.lastIndexOf('\n', backup.length() - 2) + 1);

        Answer refused = api.post("/weft/v1/backup", cut);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("message").asString("")).contains("it is not whole");
        assertThat(api.post("/weft/v1/backup", "{}").status()).isEqualTo(400);
        assertThat(api.get(MAPS + "/kept").status()).isEqualTo(200);
    }

    @Test
    void saysByWhichMethodsItIsAsked() throws Exception {
        Answer refused = api.delete("/weft/v1/backup");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.response().headers().firstValue("Allow")).contains("GET, POST");
    }

    private Answer create(String name, String value) throws Exception {
        return api.post(MAPS, map(name, value));
    }

    private static String map(String name, String value) {
        return "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': '" + name + "'}, 'data': {'a': '" + value
                + "'}}";
    }
}
