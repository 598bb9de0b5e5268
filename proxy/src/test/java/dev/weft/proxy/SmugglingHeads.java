package dev.weft.proxy;

import java.util.List;

/** The cases of {@link SmugglingCases} that are about request lines, fields, hosts and methods. */
final class SmugglingHeads {

    private final SmugglingCases cases;

    SmugglingHeads(SmugglingCases cases) {
        this.cases = cases;
    }

    void add() {
        requestLines();
        fieldLines();
        hosts();
        methods();
    }

    private void requestLines() {
        for (String line : List.of(
                "GET  /first HTTP/1.1",
                "GET /first  HTTP/1.1",
                "GET\t/first HTTP/1.1",
                "GET /first\tHTTP/1.1",
                " GET /first HTTP/1.1",
                "GET /first HTTP/1.1 ",
                "GET /first",
                "GET",
                "/first HTTP/1.1",
                "GET /first HTTP/1.1\u0000",
                "GET /first http/1.1",
                "GET /first HTTP/11",
                "GET /first HTTP/1.",
                "GET /first HTTP/1.10",
                "GET /first HTTP 1.1",
                "GET /first HTTP/1,1",
                "GET /first XTTP/1.1",
                "G\u00e9T /first HTTP/1.1",
                "G(T /first HTTP/1.1",
                "GET /fi\u0000rst HTTP/1.1",
                "GET /fi\u007frst HTTP/1.1",
                "GET /fi rst HTTP/1.1",
                "GET /fi\rrst HTTP/1.1",
                "GET first HTTP/1.1",
                "GET /first#x HTTP/1.1",
                "GET http:// HTTP/1.1",
                "GET * HTTP/1.1",
                "GET /first HTTP/1.1\u000b",
                "GET \u0085 HTTP/1.1",
                "GET http://a@b@c/first HTTP/1.1")) {
            cases.refused("line [" + SmugglingCases.shown(line) + "]", line + "\r\nHost: {host}\r\n\r\n");
        }
        for (String version : List.of("HTTP/2.0", "HTTP/0.9", "HTTP/3.0")) {
            cases.refused(
                    "line [GET /first " + version + "]", "GET /first " + version + "\r\nHost: {host}\r\n\r\n", 505);
        }
        cases.refused("line ends in LF", "GET /first HTTP/1.1\nHost: {host}\r\n\r\n");
        cases.refused("every line ends in LF", "GET /first HTTP/1.1\nHost: {host}\n\n");
        cases.refused("line ends in CR", "GET /first HTTP/1.1\rHost: {host}\r\n\r\n");
        cases.refused("head ends in LF LF", "GET /first HTTP/1.1\r\nHost: {host}\n\n");
        cases.refused("head ends in CRLF LF", "GET /first HTTP/1.1\r\nHost: {host}\r\n\n");
        cases.refused("LF before the line", "\nGET /first HTTP/1.1\r\nHost: {host}\r\n\r\n");
        cases.refused("CR before the line", "\rGET /first HTTP/1.1\r\nHost: {host}\r\n\r\n");
        cases.passed(
                "an empty line before",
                "\r\nPOST /first HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nhello",
                "hello");
        cases.passed(
                "a higher minor version",
                "POST /first HTTP/1.2\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nhello",
                "hello");
        cases.passed(
                "absolute form",
                "POST http://{host}/first HTTP/1.1\r\nHost: ignored.test\r\nContent-Length: 5\r\n\r\nhello",
                "hello");
    }

    private void fieldLines() {
        for (String line : List.of(
                "X",
                ":",
                ": y",
                " : y",
                "X y: z",
                "X : y",
                "X\t: y",
                "\u0000: y",
                "X\u0000: y",
                "X: y\u0000",
                "X: \u0001",
                "X: y\u007f",
                "X: y\u000b",
                "X: y\nZ: w",
                "X: y\rZ: w",
                "X: y\r\r\nZ: w",
                "X: y\r\n z",
                "X: y\r\n\tz",
                "(X): y",
                "X/Y: z",
                "X\u00e9: y",
                "\"X\": y",
                "X=Y: z",
                "{X}: y",
                "X@: y",
                "[X]: y",
                "X\\: y",
                "X;Y: z",
                "X,Y: z",
                "X?: z",
                "<X>: z",
                "\r\u0000\n")) {
            cases.refused(
                    "field [" + SmugglingCases.shown(line) + "]",
                    SmugglingCases.POST + line + "\r\nContent-Length: 5\r\n\r\nhello");
        }
        for (String line : List.of(
                "X:",
                "X: ",
                "X:y",
                "X: y:z",
                "X_Y: z",
                "X: \t y",
                "x!#$%&'*+-.^_`|~: y",
                "Expect: 100-continue",
                "Connection: host",
                "Connection: keep-alive, host",
                "X: \u00e9",
                "Content-Type: multipart/form-data; boundary=x")) {
            cases.passed(
                    "field [" + SmugglingCases.shown(line) + "]",
                    SmugglingCases.POST + line + "\r\nContent-Length: 5\r\n\r\nhello",
                    "hello");
        }
    }

    private void hosts() {
        for (String lines : List.of(
                "",
                "Host: {host}\r\nHost: {host}\r\n",
                "Host: {host}\r\nHost: other.test\r\n",
                "Host: {host}\r\nhost: {host}\r\n",
                "Host: {host} {host}\r\n",
                "Host: {host}, {host}\r\n",
                "Host: a@b/{host}\r\n",
                "Host: {host}/x\r\n",
                "Host: {host}?x\r\n",
                "Host: {host}#x\r\n",
                "Host: {host}:x\r\n",
                "Host: {host}:99999999\r\n",
                "Host: {host}\u0000\r\n",
                "Host: [::1\r\n",
                "Host: user@other.test\r\n",
                "Host : {host}\r\n",
                " Host: {host}\r\n",
                "Host: {host}\\x\r\n",
                "Host: {host}\t{host}\r\n")) {
            cases.refused(
                    "hosts [" + SmugglingCases.shown(lines) + "]", "GET /first HTTP/1.1\r\n" + lines + "X: y\r\n\r\n");
        }
    }

    private void methods() {
        for (String method : List.of("PUT", "PATCH", "DELETE", "OPTIONS", "REPORT", "get", "M-SEARCH")) {
            cases.passed(
                    "method " + method + " with a body",
                    method + " /first HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nhello",
                    "hello");
        }
        cases.passed(
                "GET with a body", "GET /first HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nhello", "hello");
        cases.passed(
                "GET with chunks",
                "GET /first HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + SmugglingCases.HELLO_CHUNKS,
                "hello");
        String inner = "GET /smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n";
        cases.passed(
                "a request as a body",
                SmugglingCases.POST + "Content-Length: 38\r\n\r\n" + "GET /smuggled HTTP/1.1\r\nHost: x.te\r\n\r\n",
                "GET /smuggled HTTP/1.1\r\nHost: x.te\r\n\r\n");
        cases.refused("a request behind a bad length", SmugglingCases.POST + "Content-Length: 5x\r\n\r\n" + inner);
        cases.refused(
                "a request behind a bad chunk",
                SmugglingCases.POST + "Transfer-Encoding: chunked\r\n\r\n0x\r\n\r\n" + inner);
    }
}
