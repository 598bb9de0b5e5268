package dev.weft.catalog.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.catalog.Metering;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the edge's certificates end, as metrics say it. */
class EdgeCertificateNumbersTest {

    private static final String CHAIN = """
            -----BEGIN CERTIFICATE-----
            MIIBfzCCASWgAwIBAgIUA/iaK1qvAxmaKO//CsBE1nGvsdMwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJc2hvcC50ZXN0MCAXDTI2MTEyMzEzMjczMFoYDzIxMjYxMDMw
            MTMyNzMwWjAUMRIwEAYDVQQDDAlzaG9wLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
            PQMBBwNCAARFDMvrn1bfHdxiJvWYp6jNHRmzrJXO36wXUnnjD96yn+wmxytez47j
            gvVQVrbIvDENgDt885RFpwfky7jrbX8Xo1MwUTAdBgNVHQ4EFgQUyG8YkLa16pK5
            AS0GglVkrSmjTVEwHwYDVR0jBBgwFoAUyG8YkLa16pK5AS0GglVkrSmjTVEwDwYD
            VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAgmrXXxF9K/uv1lEbaf69c
            78hNVWhQoRHgNr5IFWtgKAIhAP+PR03sBKEx8XDgIMlKTG9SdLJNTb1mvgD0aDe8
            x+Ot
            -----END CERTIFICATE-----
            """;
    private static final long END = 4949040450L;

    private static String text(ServerCertificate... certificates) {
        EdgeListener listener = new EdgeListener(
                "https-8443",
                new ResourceReference("", "Test", "", "t"),
                "127.0.0.1",
                8443,
                true,
                List.of(certificates));
        Snapshot snapshot =
                new Snapshot(1, List.of(listener), List.of(), Map.of(), Map.of(), List.of(), Map.of(), List.of());
        Exposition out = new Exposition();
        new EdgeCertificateNumbers().write(out, snapshot);
        return out.toString();
    }

    @Test
    void sayTheEndByHost() {
        assertThat(text(new ServerCertificate("shop.test", CHAIN, ""), new ServerCertificate("*", CHAIN, "")))
                .contains("edge_cert_expiration_timestamp_seconds{host=\"shop.test\"} " + END)
                .contains("edge_cert_expiration_timestamp_seconds{host=\"*\"} " + END);
    }

    @Test
    void sayNothingOfHostsWithoutOne() {
        assertThat(text(ServerCertificate.closed("closed.test"), new ServerCertificate("bad.test", "no chain", "")))
                .doesNotContain("closed.test", "bad.test");
    }

    @Test
    void foldHostsThatAreTooManyToTellApart() {
        ServerCertificate[] many = IntStream.range(0, 2_500)
                .mapToObj(i -> new ServerCertificate("host-" + i + ".test", CHAIN, ""))
                .toArray(ServerCertificate[]::new);
        String text = text(many);
        assertThat(text.lines().filter(line -> line.startsWith("edge_cert_expiration_timestamp_seconds{")))
                .hasSize(2_001)
                .contains("edge_cert_expiration_timestamp_seconds{host=\"other\"} " + END);
    }

    @Test
    void areAmongTheMetrics() {
        assertThat(new Metering(Given.snapshots(Given.snapshot()), 10, Map::of)
                        .text()
                        .render())
                .contains("# TYPE edge_cert_expiration_timestamp_seconds gauge");
    }
}
