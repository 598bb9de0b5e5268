package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Requests and responses as the Functions Framework's interfaces. */
final class GoogleMessages {

    private static final String PACKAGE = "com.google.cloud.functions.";

    private final Class<?> requestType;
    private final Class<?> responseType;
    private final Class<?> partType;

    GoogleMessages(ClassLoader loader) throws Unsuitable {
        requestType = Foreign.type(loader, PACKAGE + "HttpRequest");
        responseType = Foreign.type(loader, PACKAGE + "HttpResponse");
        partType = Foreign.type(loader, PACKAGE + "HttpRequest$HttpPart");
    }

    Class<?> requestType() {
        return requestType;
    }

    Class<?> responseType() {
        return responseType;
    }

    /** Unfit: its charset is not known, so that its text cannot be read. */
    Object request(Request request) throws Exchanged.Unfit {
        if (request.charset().isPresent() && known(request.charset().get()).isEmpty()) {
            throw new Exchanged.Unfit("the charset " + request.charset().get() + " is not known");
        }
        Map<String, Foreign.Answer> answers = new LinkedHashMap<>();
        String uri = request.header("X-Forwarded-Proto").orElse("http") + "://"
                + request.header("Host").orElse("localhost") + request.target();
        boolean said = request.header("Content-Length").isPresent();
        answers.put("getMethod", _ -> request.method());
        answers.put("getUri", _ -> uri);
        answers.put("getPath", _ -> request.path());
        answers.put("getQuery", _ -> request.query());
        answers.put("getQueryParameters", _ -> request.parameters());
        answers.put("getParts", _ -> parts(request));
        answers.put("getContentLength", _ -> said ? (long) request.body().length : -1L);
        answers.put("getHeaders", _ -> copy(request.headers()));
        answers.putAll(message(request.header("Content-Type"), request.body(), StandardCharsets.UTF_8));
        return Foreign.standIn(requestType, answers);
    }

    /** What requests and their parts have in common. A body is read once, by whichever method. */
    private static Map<String, Foreign.Answer> message(Optional<String> type, byte[] body, Charset usual) {
        ByteArrayInputStream input = new ByteArrayInputStream(body);
        Optional<String> charset = type.flatMap(Request::charset);
        BufferedReader reader = new BufferedReader(new InputStreamReader(
                input, charset.flatMap(GoogleMessages::known).orElse(usual)));
        return Map.of(
                "getContentType", _ -> type,
                "getCharacterEncoding", _ -> charset,
                "getInputStream", _ -> input,
                "getReader", _ -> reader);
    }

    private static Optional<Charset> known(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> parts(Request request) {
        if (!request.mediaType().equals("multipart/form-data")) {
            throw new IllegalStateException("Content-Type must be multipart/form-data: "
                    + request.header("Content-Type").orElse("null"));
        }
        Map<String, Object> parts = new LinkedHashMap<>();
        for (Multipart.Part part : Multipart.parts(request)) {
            Optional<String> type =
                    Optional.ofNullable(part.headers().get("Content-Type")).map(List::getFirst);
            Map<String, Foreign.Answer> answers =
                    new LinkedHashMap<>(message(type, part.body(), StandardCharsets.UTF_8));
            answers.put("getFileName", _ -> part.fileName());
            answers.put("getContentLength", _ -> (long) part.body().length);
            answers.put("getHeaders", _ -> copy(part.headers()));
            parts.put(part.name(), Foreign.standIn(partType, answers));
        }
        return parts;
    }

    private static Map<String, List<String>> copy(Map<String, List<String>> headers) {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        return copy;
    }

    /** To be finished when the function is done. */
    static final class Answered {
        private final Object response;
        private final BufferedWriter writer;
        private final Text text;

        private Answered(Object response, BufferedWriter writer, Text text) {
            this.response = response;
            this.writer = writer;
            this.text = text;
        }

        Object response() {
            return response;
        }

        /** What the writer holds becomes part of the body, whose end is known then: it is not sent in chunks for this. */
        void finish() throws IOException {
            text.last = true;
            writer.flush();
        }
    }

    /** Between the writer and the body. */
    private static final class Text extends FilterOutputStream {
        private boolean last;

        Text(OutputStream body) {
            super(body);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            if (!last) {
                out.flush();
            }
        }
    }

    Answered response(Response response) {
        Text text = new Text(response.body());
        BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(text, StandardCharsets.UTF_8)) {
            @Override
            public void close() throws IOException { // the end of the function is the end of the answer
                text.last = true;
                flush();
            }
        };
        Map<String, Foreign.Answer> answers = new LinkedHashMap<>();
        answers.put("setStatusCode", given -> {
            response.status((Integer) given[0]);
            return null;
        });
        answers.put("setContentType", given -> {
            response.set("Content-Type", String.valueOf(given[0]));
            return null;
        });
        answers.put("getContentType", _ -> response.header("Content-Type"));
        answers.put("appendHeader", given -> {
            response.add(String.valueOf(given[0]), String.valueOf(given[1]));
            return null;
        });
        answers.put("getHeaders", _ -> copy(response.headers()));
        answers.put("getOutputStream", _ -> response.body());
        answers.put("getWriter", _ -> writer);
        return new Answered(Foreign.standIn(responseType, answers), writer, text);
    }
}
