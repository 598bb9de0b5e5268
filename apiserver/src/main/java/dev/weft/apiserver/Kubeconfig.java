package dev.weft.apiserver;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The file with which {@code kubectl} finds and may use this API. */
final class Kubeconfig {

    private Kubeconfig() {}

    static String of(String server, String authorityPem, Token token) {
        String authority = Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.UTF_8));
        return """
                apiVersion: v1
                kind: Config
                current-context: weft
                clusters:
                - name: weft
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: weft
                  user:
                    token: %s
                contexts:
                - name: weft
                  context:
                    cluster: weft
                    user: weft
                """.formatted(server, authority, token.text());
    }
}
