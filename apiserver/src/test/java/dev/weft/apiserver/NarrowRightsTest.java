package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rights for less than a kind: for one subresource, and for one name. */
class NarrowRightsTest extends ApiTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MERGE = "application/merge-patch+json";

    private Grantee grantee;
    private RunningApi reader;

    @BeforeEach
    void keepAMap() throws Exception {
        grantee = new Grantee(api);
        reader = grantee.asks();
        assertThat(api.post(MAPS, "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'some'}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aSubresourceNeedsARightOfItsOwn() throws Exception {
        grantee.grant("{'apiGroups': ['example.com'], 'resources': ['tills/scale'], 'verbs': ['get', 'patch']}");
        Till.define(api);
        assertThat(api.post(Till.COLLECTION, """
                        {'apiVersion': 'example.com/v1', 'kind': 'Till', 'metadata': {'name': 'some'},
                         'spec': {'replicas': 1}}""").status()).isEqualTo(201);
        String two = "{'spec': {'replicas': 2}}";

        assertThat(reader.patch(Till.COLLECTION + "/some", MERGE, two).status()).isEqualTo(403);
        assertThat(reader.patch(Till.COLLECTION + "/some/status", MERGE, two).status())
                .isEqualTo(403);
        assertThat(reader.patch(Till.COLLECTION + "/some/scale", MERGE, two).status())
                .isEqualTo(200);
        assertThat(api.get(Till.COLLECTION + "/some")
                        .json()
                        .at("/spec/replicas")
                        .asInt(0))
                .isEqualTo(2);
    }

    @Test
    void aRightForOneNameLetsItsCollectionBeAskedForThatNameAlone() throws Exception {
        grantee.grant("{'apiGroups': [''], 'resources': ['configmaps'], 'resourceNames': ['some'],"
                + " 'verbs': ['list', 'watch']}");
        String some = "?fieldSelector=metadata.name%3Dsome";

        assertThat(reader.get(MAPS).status()).isEqualTo(403);
        assertThat(reader.get(MAPS + "?fieldSelector=metadata.name!%3Dsome").status())
                .isEqualTo(403);
        Answer listed = reader.get(MAPS + some);
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.json().path("items").size()).isEqualTo(1);
        assertThat(reader.get(MAPS + some + "&watch=true&timeoutSeconds=0").status())
                .isEqualTo(200);
    }

    @Test
    void aRightForOneNameCreatesNothingWhateverTheQuerySelects() throws Exception {
        grantee.grant("{'apiGroups': [''], 'resources': ['configmaps'], 'resourceNames': ['some'], 'verbs': ['*']}");
        String some = "?fieldSelector=metadata.name%3Dsome";
        String other = "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'other'}}";

        assertThat(reader.post(MAPS, other).status()).isEqualTo(403);
        assertThat(reader.post(MAPS + some, other).status()).isEqualTo(403);
        assertThat(api.get(MAPS + "/other").status()).isEqualTo(404);
        assertThat(reader.delete(MAPS).status()).isEqualTo(403);
        assertThat(reader.delete(MAPS + some).status()).isEqualTo(200);
    }
}
