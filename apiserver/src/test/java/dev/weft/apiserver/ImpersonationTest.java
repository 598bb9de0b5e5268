package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import org.junit.jupiter.api.Test;

/** Who may ask as somebody else, and what of that is heeded. */
class ImpersonationTest extends ApiTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @Test
    void nobodyAsksAsSomebodyElseWithoutTheRight() throws Exception {
        Grantee grantee = new Grantee(api);
        grantee.grant(Grantee.READS);
        RunningApi reader = grantee.asks();
        String jo = "Impersonate-User";
        Answer refused = reader.send("GET", MAPS, "", jo, "jo");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("message").asString(""))
                .isEqualTo(
                        "users \"jo\" is forbidden: User \"system:serviceaccount:default:default\" cannot impersonate"
                                + " resource \"users\" in API group \"\" at the cluster scope");
        assertThat(reader.send("GET", MAPS, "", jo, "system:serviceaccount:default:other")
                        .json()
                        .path("message")
                        .asString(""))
                .contains(
                        "cannot impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"default\"");

        grantee.grant("{'apiGroups': [''], 'resources': ['users'], 'resourceNames': ['jo'], 'verbs': ['impersonate']}");

        assertThat(reader.send("GET", MAPS, "", jo, "jo").json().path("message").asString(""))
                .contains("User \"jo\" cannot list resource \"configmaps\"");
        assertThat(reader.send("GET", MAPS, "", jo, "weft").status()).isEqualTo(403);
        for (String[] more : new String[][] {
            {"Impersonate-Group", "system:masters"}, {"Impersonate-Uid", "1"}, {"Impersonate-Extra-Scopes", "all"}
        }) {
            Answer answer = reader.send("GET", MAPS, "", jo, "jo", more[0], more[1]);
            assertThat(answer.json().path("message").asString(""))
                    .as(more[0])
                    .contains("User \"system:serviceaccount:default:default\" cannot impersonate resource");
        }
        assertThat(reader.send("GET", MAPS, "", "Impersonate-Uid", "1").status())
                .isEqualTo(400);
    }

    @Test
    void whoeverMayAsksAsSomebodyWithEverythingThatIsSaid() throws Exception {
        Answer answer = api.send(
                "POST",
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                "{'apiVersion': 'authentication.k8s.io/v1', 'kind': 'SelfSubjectReview'}",
                "Impersonate-User",
                "jo",
                "Impersonate-Group",
                "tills",
                "Impersonate-Uid",
                "7",
                "Impersonate-Extra-Example.com%2fShop",
                "north");

        assertThat(answer.json().at("/status/userInfo").toString()).isEqualTo("""
                        {"username":"jo","uid":"7","groups":["tills","system:authenticated"],\
                        "extra":{"example.com/shop":["north"]}}""");
    }
}
