package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.message.DateText;
import dev.weft.proxy.message.OwnAnswer;
import dev.weft.proxy.route.HeadEdits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an answer was made, said by whoever makes it (RFC 9110 section 6.6.1). */
class DateTest {

    private static final Pattern DATE = Pattern.compile("\\|date: ([^|]*)\\|");
    private static final long ONE_OF_THE_RFC = 784_111_777_000L;

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void open() throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .edge(port)
                .host("shop.test", "shop")
                .host(
                        "moved.test",
                        "shop",
                        Duration.ofSeconds(5),
                        RetryPolicy.NONE,
                        new RouteFilter.Answer(200, "text/plain", "moved"))
                .group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private static void isOfNow(String head, Instant before) {
        Matcher found = DATE.matcher(head);
        assertThat(found.find()).as(head).isTrue();
        assertThat(ZonedDateTime.parse(found.group(1), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isBetween(before.minusSeconds(1), Instant.now());
        assertThat(found.find()).as("once").isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: nowhere.test||",
                "GET / HTTP/1.1|Host: moved.test||",
                "HEAD / HTTP/1.1|Host: moved.test||",
                "GET / HTTP/1.0||",
                "GET / HTTP/1.1|Host: a|Host: b||"
            })
    void standsInTheAnswersOfTheProxysOwn(String request) throws IOException {
        Instant before = Instant.now();
        isOfNow(stage.client(port).send(request).readHead(), before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "content-type: application/grpc|"})
    void standsInTheAnswersOfTheProxysOwnOnAStream(String fields) throws IOException {
        Instant before = Instant.now();
        StreamClient client = stage.closing(new StreamClient(port));
        int stream = client.open("POST / HTTP/1.1|host: nowhere.test|" + fields + "|", true);
        isOfNow(client.read(stream).head, before);
    }

    @Test
    void isTheServicesOwnBusinessInItsAnswers() throws IOException {
        assertThat(stage.client(port)
                        .send("GET / HTTP/1.1|Host: shop.test||")
                        .read()
                        .head()
                        .toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("date:");
    }

    @Test
    void isAsTheRfcWritesItAndMadeOnceASecond() {
        DateText text = new DateText();
        String first = text.at(ONE_OF_THE_RFC);
        assertThat(first).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(text.at(ONE_OF_THE_RFC + 999)).isSameAs(first);
        assertThat(text.at(ONE_OF_THE_RFC + 1000)).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
    }

    @Test
    void isWhatConfigurationSaysWhereItSays() {
        List<HeadEdits.Line> lines = List.of(new HeadEdits.Line("Date", "of old"));
        byte[] head =
                OwnAnswer.of(200, lines, new byte[0], "of now", "", true, "").head();
        assertThat(new String(head, StandardCharsets.US_ASCII))
                .contains("Date: of old")
                .doesNotContain("of now");
    }
}
