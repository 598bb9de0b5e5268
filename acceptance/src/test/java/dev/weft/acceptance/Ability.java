package dev.weft.acceptance;

import java.util.List;

/**
 * Something that programs in pods do, for the table in docs/pods.md.
 *
 * @param does in the table's words
 * @param tool without which it cannot be tried
 * @param script for a shell in the caller's pod
 * @param printed what the script prints where it works
 * @param loopback what the table says of loopback mode; begins with {@code yes} or {@code no}
 */
record Ability(String does, String tool, String script, String printed, String loopback) {

    /** The table's first line. */
    static final String HEADING = "| a program reaches | namespaces | loopback |";

    private static final String QUOTE = "quote for spiffe://cluster.local/ns/default/sa/caller";
    private static final String NO_NAMES = "no: the host's resolver does not know it";
    private static final String GREETED = "220 greetings\nyou said hello";

    private static Ability curl(String does, String arguments, String loopback) {
        return new Ability(does, "curl", "curl -sS -m 20 " + arguments, QUOTE, loopback);
    }

    /** In the table's order. */
    static List<Ability> all() {
        return List.of(
                curl("`curl http://quote/`", "http://quote/", "yes, by `http_proxy`"),
                curl("`curl http://quote.default/`", "http://quote.default/", "yes, likewise"),
                curl("`curl http://quote.default.svc/`", "http://quote.default.svc/", "yes, likewise"),
                curl(
                        "`curl http://quote.default.svc.cluster.local/`",
                        "http://quote.default.svc.cluster.local/",
                        "yes, likewise"),
                curl("`curl -6 http://quote/`", "-6 http://quote/", "no: pods have no IPv6 addresses"),
                new Ability(
                        "Python's `urllib`, by name",
                        "python3",
                        "python3 ask.py http://quote/",
                        QUOTE,
                        "yes, by `http_proxy`"),
                new Ability(
                        "Java's `HttpClient`, by name",
                        "sh",
                        "$JAVA -cp classes dev.weft.acceptance.JavaCaller http://quote/",
                        QUOTE,
                        "yes, by `JDK_JAVA_OPTIONS`"),
                new Ability(
                        "Node's `fetch`, by name",
                        "node",
                        "node -e \"fetch('http://quote/').then(a => a.text()).then(console.log)\"",
                        QUOTE,
                        "no: it ignores proxy settings"),
                new Ability(
                        "a gRPC client (Java), by name",
                        "sh",
                        "$JAVA -cp 'classes:lib/*' dev.weft.acceptance.GrpcProgram echo 80",
                        "echoed",
                        "no: it ignores proxy settings"),
                new Ability(
                        "the same by `ECHO_SERVICE_HOST` and `ECHO_SERVICE_PORT`",
                        "sh",
                        "$JAVA -cp 'classes:lib/*' dev.weft.acceptance.GrpcProgram $ECHO_SERVICE_HOST $ECHO_SERVICE_PORT",
                        "echoed",
                        "yes"),
                new Ability(
                        "TCP whose server speaks first, by name",
                        "python3",
                        "python3 greet.py greeter 80",
                        GREETED,
                        NO_NAMES),
                new Ability(
                        "the same by `GREETER_SERVICE_HOST` and `GREETER_SERVICE_PORT`",
                        "python3",
                        "python3 greet.py $GREETER_SERVICE_HOST $GREETER_SERVICE_PORT",
                        GREETED,
                        "yes, at an address of one caller alone"),
                curl("a headless Service's name", "http://quotes:8080/", "yes, by `http_proxy`"),
                curl(
                        "one pod of it, `POD.SERVICE`",
                        "http://$(curl -s http://quote/name).quotes:8080/",
                        "no: pods share the host's network"),
                curl(
                        "a pod's address",
                        "http://$(getent ahostsv4 quotes | head -1 | cut -d' ' -f1):8080/",
                        "no: pods share the host's network"),
                new Ability(
                        "an `ExternalName`",
                        "curl",
                        "curl -sS -m 20 http://elsewhere:$(cat host-port)/",
                        "of this machine",
                        "no: it is a name that only the cluster has"),
                new Ability(
                        "this machine, `host.weft.internal`",
                        "curl",
                        "curl -sS -m 20 http://host.weft.internal:$(cat host-port)/",
                        "of this machine",
                        "no: `127.0.0.1` is this machine's own"));
    }

    boolean worksIn(Setting setting) {
        return setting.namespaces() || loopback.startsWith("yes");
    }

    /** As docs/pods.md has it. */
    static String table() {
        StringBuilder table = new StringBuilder(HEADING + "\n|---|---|---|\n");
        for (Ability each : all()) {
            table.append("| ")
                    .append(each.does())
                    .append(" | yes | ")
                    .append(each.loopback())
                    .append(" |\n");
        }
        return table.toString();
    }
}
