package dev.weft.runtime.host.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.runtime.host.http.HttpServing;
import dev.weft.runtime.host.http.LongestAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShapesTests {

    private final List<HttpServing> servings = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        servings.forEach(HttpServing::finish);
        client.close();
    }

    @Test
    void aFunctionOfRecordsTakesAndGivesJson() throws Exception {
        URI shop = serve(Written.Shop.class);
        HttpResponse<String> answer = post(shop, "{\"item\":\"tea\",\"count\":3,\"unknown\":[{}]}");
        assertThat(answer.body()).isEqualTo("{\"item\":\"tea\",\"total\":4.5}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void aBodyThatDoesNotFitIsTheCallersFault() throws Exception {
        URI shop = serve(Written.Shop.class);
        assertThat(post(shop, "{\"item\":").statusCode()).isEqualTo(400);
        HttpResponse<String> answer = post(shop, "{\"count\":\"many\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("count: ");
    }

    /** One request in the caller's own words. */
    private record Fault(Class<?> function, String path, String header, String body) {}

    @Test
    void whatTheCallerDoesWrongIsNeverTheFunctionsFailure() throws Exception {
        String event = "Content-Type: application/cloudevents+json";
        String attributes = "{\"specversion\":\"%s\",\"id\":\"1\",\"type\":\"t\",\"source\":\"%s\",\"time\":\"%s\"}";
        String time = "2026-01-02T03:04:05Z";
        for (Fault fault : List.of(
                new Fault(Written.Shop.class, "/", "X: y", "{\"count\":1e999}"),
                new Fault(Written.Shop.class, "/", "X: y", "{\"count\":1.5}"),
                new Fault(Written.Shop.class, "/", event, "[1]"),
                new Fault(Written.Shop.class, "/", event, "{\"data_base64\":\"%%%\"}"),
                new Fault(Written.Album.class, "/", "X: y", "{\"picture\":\"%%%\"}"),
                new Fault(Written.Album.class, "/", "X: y", "{\"views\":1e999}"),
                new Fault(Written.Album.class, "/", "X: y", "{\"waiting\":[null]}"),
                new Fault(Written.Echo.class, "/", event, "[1]"),
                new Fault(Written.Echo.class, "/", event, attributes.formatted("9", "/s", time)),
                new Fault(Written.Echo.class, "/", event, attributes.formatted("1.0", "::", time)),
                new Fault(Written.Echo.class, "/", event, attributes.formatted("1.0", "/s", "noon")),
                new Fault(Written.Beans.class, "/%zz", "X: y", "tea"),
                new Fault(Written.Streams.class, "/", "Content-Type: text/plain; charset=nobodys", "tea"))) {
            assertThat(status(fault)).as(fault.toString()).isEqualTo("HTTP/1.1 400 Bad Request");
        }
    }

    private String status(Fault fault) throws Exception {
        URI uri = serve(fault.function());
        try (Socket connection = new Socket(uri.getHost(), uri.getPort())) {
            String head = "POST " + fault.path() + " HTTP/1.1\r\nHost: f\r\nConnection: close\r\n" + fault.header()
                    + "\r\nContent-Length: " + fault.body().length() + "\r\n\r\n";
            connection.getOutputStream().write((head + fault.body()).getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    @Test
    void theLongestAnswerIsReadAsFarAsItMakesSense() {
        for (String senseless : List.of("", "soon", "-1", "0", "1.5", "99999999999999999999")) {
            assertThat(LongestAnswer.in(Map.of(LongestAnswer.VARIABLE, senseless)))
                    .isEmpty();
        }
        assertThat(LongestAnswer.in(Map.of())).isEmpty();
        assertThat(LongestAnswer.in(Map.of(LongestAnswer.VARIABLE, " 30"))).contains(Duration.ofSeconds(30));
    }

    @Test
    void beansListsMapsAndBytesAreTakenAsTheyAreDeclared() throws Exception {
        assertThat(post(serve(Written.Older.class), "{\"name\":\"Ada\",\"age\":36}")
                        .body())
                .isEqualTo("{\"name\":\"Ada\",\"age\":37}");
        assertThat(post(serve(Written.Sum.class), "[1, 2, 39]").body()).isEqualTo("{\"sum\":42}");
        assertThat(post(serve(Written.Keys.class), "{\"b\":1,\"a\":{}}").body()).isEqualTo("[\"a\",\"b\"]");
        assertThat(post(serve(Written.Bytes.class), "abc").body()).isEqualTo("cba");
    }

    @Test
    void aSupplierAnswersGetAndAConsumerNothing() throws Exception {
        assertThat(get(serve(Written.Constant.class)).body()).isEqualTo("always");
        assertThat(post(serve(Written.Sink.class), "kept").statusCode()).isEqualTo(202);
        assertThat(Written.Sink.LAST.get()).isEqualTo("kept");
    }

    @Test
    void anEventComesBackAsItWasInBinaryMode() throws Exception {
        URI echo = serve(Written.Echo.class);
        HttpRequest binary = HttpRequest.newBuilder(echo)
                .header("ce-specversion", "1.0")
                .header("ce-id", "1")
                .header("ce-source", "/here")
                .header("ce-type", "test")
                .header("ce-time", "2026-01-02T03:04:05Z")
                .header("ce-own", "%E2%82%AC")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("data"))
                .build();
        HttpResponse<String> answer = client.send(binary, BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("data");
        assertThat(answer.headers().firstValue("ce-time")).contains("2026-01-02T03:04:05Z");
        assertThat(answer.headers().firstValue("ce-own")).contains("%E2%82%AC");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
    }

    @Test
    void anEventInStructuredModeIsTheSameEvent() throws Exception {
        URI echo = serve(Written.Echo.class);
        HttpRequest structured = HttpRequest.newBuilder(echo)
                .header("Content-Type", "application/cloudevents+json; charset=utf-8")
                .POST(BodyPublishers.ofString("""
                        {"specversion":"1.0","id":"2","source":"/here","type":"test","data":{"a":[1,2.5,"x"]}}"""))
                .build();
        HttpResponse<String> answer = client.send(structured, BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("{\"a\":[1,2.5,\"x\"]}");
        assertThat(answer.headers().firstValue("ce-id")).contains("2");
        assertThat(post(echo, "no event").statusCode()).isEqualTo(400);
    }

    @Test
    void springsBeansAnswerOnTheirNamesAndOneAfterTheOther() throws Exception {
        URI beans = serve(Written.Beans.class);
        assertThat(post(beans.resolve("/upper"), "tea").body()).isEqualTo("TEA");
        assertThat(post(beans.resolve("/upper,length"), "tea").body()).isEqualTo("3");
        assertThat(get(beans.resolve("/upper/item")).body()).isEqualTo("ITEM");
        assertThat(get(beans.resolve("/numbers")).body()).isEqualTo("[1,2,3]");
        assertThat(post(beans, "tea").statusCode()).isEqualTo(404);
        assertThat(post(serve(Written.Beans.class, "upper|length"), "four").body())
                .isEqualTo("4");
    }

    @Test
    void funqsAnswerOnTheirNamesWithTheQueryAsABean() throws Exception {
        URI funqs = serve(Written.Funqs.class);
        assertThat(get(funqs.resolve("/greet?name=Ada&age=36")).body()).isEqualTo("Hello Ada, 36");
        assertThat(post(funqs.resolve("/twice"), "21").body()).isEqualTo("42");
    }

    @Test
    void aLambdaIsCalledWithItsContext() throws Exception {
        HttpResponse<String> answer = post(serve(Written.Handler.class), "{\"name\":\"Ada\"}");
        assertThat(answer.body()).isEqualTo("\"Hello Ada\"");
    }

    @Test
    void anOpenFaasHandlerChoosesStatusAndHeaders() throws Exception {
        HttpResponse<String> answer = post(serve(Written.FaasHandler.class).resolve("/?q=1"), "body");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("body/1");
        assertThat(answer.headers().firstValue("X-Own")).contains("yes");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/css");
    }

    @Test
    void whatIsFlushedIsSentAsAChunk() throws Exception {
        HttpResponse<String> answer = get(serve(Written.Streams.class));
        assertThat(answer.headers().firstValue("Transfer-Encoding")).contains("chunked");
        assertThat(answer.body()).isEqualTo("piece 0\npiece 1\npiece 2\n");
    }

    @Test
    void probesOfFuncAreAnswered() throws Exception {
        assertThat(get(serve(Written.Shop.class).resolve("/health/readiness")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aClassThatIsNoFunctionIsRefusedWithWhatWouldBe() {
        assertThatThrownBy(() -> Shapes.of(ShapesTests.class, Optional.empty()))
                .isInstanceOf(Unsuitable.class)
                .hasMessageContaining("java.util.function.Function");
        assertThatThrownBy(() -> Shapes.of(Written.Beans.class, Optional.of("lower")))
                .hasMessageContaining("there is no function lower");
    }

    private URI serve(Class<?> type, String... member) throws Exception {
        ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        HttpServing serving = new HttpServing(
                listener, Shapes.of(type, List.of(member).stream().findFirst()));
        servings.add(serving);
        Thread.ofVirtual().start(() -> {
            try {
                serving.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return URI.create("http://localhost:" + listener.getLocalPort() + "/");
    }

    private HttpResponse<String> post(URI uri, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
