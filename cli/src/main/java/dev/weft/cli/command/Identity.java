package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.client.Table;
import dev.weft.cli.client.Texts;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.OutputOption;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "identity",
        description =
                "Prints the trust anchors, the issuer and the workloads' certificates; rotates the anchor; revokes certificates.",
        footer = {
            "",
            "weft identity rotate replaces the trust anchor while everything runs: a new anchor is trusted beside the old",
            "one, then everybody's certificate is signed anew, then the old anchor is removed and whatever it vouched for",
            "is refused at once. Interrupted, it goes on where it stopped when it is called again.",
            "",
            "weft identity revoke has every proxy refuse a certificate, by its serial number, or all that a service account",
            "has had so far: new handshakes fail, open connections and what is asked on them end. The account gets a new",
            "certificate at once. What is revoked is listed until it would have ended by itself.",
            "",
            "Examples:",
            "  weft identity",
            "  weft identity revoke shop/checkout      all that account checkout in namespace shop has had",
            "  weft identity revoke 5f3a9c0e66d14b0e8a7f21c4d9b3e610",
            "  weft identity rotate",
            "  weft identity rotate --pause 60         where proxies in other processes are slow to follow"
        })
final class Identity implements Callable<Integer> {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "rotate|revoke",
            description = "Rotate the trust anchor, or revoke certificates.")
    private String verb = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SERIAL|NAMESPACE/ACCOUNT",
            description = "What to revoke; a service account may also be named by its SPIFFE URI.")
    private String what = "";

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            defaultValue = "12",
            description = "Between two steps, for every proxy to follow (default: ${DEFAULT-VALUE}).")
    private int pause;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (verb.equals("revoke") == what.isEmpty()) {
            throw Refusal.impossible(
                    what.isEmpty()
                            ? "identity revoke: name a serial number, or NAMESPACE/ACCOUNT (weft identity lists both)"
                            : "identity " + verb + ": \"" + what + "\" is one word too many");
        }
        if (pause < 0) {
            throw Refusal.impossible("--pause: " + pause + " (expected: 0 or more)");
        }
        ApiClient client = api.client();
        JsonNode answer = switch (verb) {
            case "" -> client.get("/weft/v1/identity");
            case "rotate" -> rotate(client);
            case "revoke" -> revoke(client);
            default -> throw Refusal.impossible("identity: \"" + verb + "\" (expected: rotate, revoke, or nothing)");
        };
        spec.commandLine()
                .getOut()
                .print(output.format() == OutputFormat.TABLE ? table(answer) : Texts.print(answer, output.format()));
        return 0;
    }

    private JsonNode revoke(ApiClient client) {
        boolean named = what.contains("/");
        String meant = named ? account().toString() : what.replace(":", "").toLowerCase(Locale.ROOT);
        String path =
                named ? "workload/" + account().namespace() + "/" + account().serviceAccount() : "certificate/" + meant;
        boolean known = client.get("/weft/v1/identity")
                .path("rows")
                .valueStream()
                .filter(row -> row.path("kind").asString("").startsWith("leaf"))
                .anyMatch(
                        row -> meant.equals(row.path(named ? "name" : "serial").asString("")));
        JsonNode answer = client.send("POST", "/weft/v1/identity/revocation/" + path, "application/json", "{}");
        if (!known) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("weft: no certificate of now is " + what + "'s: earlier ones are refused, if there are any."
                    + " Compare it with what weft identity lists.");
            err.flush();
        }
        return answer;
    }

    private WorkloadIdentity account() {
        Optional<WorkloadIdentity> identity = what.startsWith("spiffe:")
                ? WorkloadIdentity.parse(what)
                : WorkloadIdentity.parse(
                        "spiffe://" + WorkloadIdentity.TRUST_DOMAIN + "/ns/" + what.replace("/", "/sa/"));
        return identity.filter(found -> found.trustDomain().equals(WorkloadIdentity.TRUST_DOMAIN))
                .orElseThrow(() -> Refusal.impossible("identity revoke: \"" + what
                        + "\" (expected: NAMESPACE/ACCOUNT, or spiffe://" + WorkloadIdentity.TRUST_DOMAIN
                        + "/ns/NAMESPACE/sa/ACCOUNT)"));
    }

    private JsonNode rotate(ApiClient client) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            JsonNode answer = client.send("POST", "/weft/v1/identity/rotation", "application/json", "{}");
            String stage = answer.path("stage").asString("");
            err.println("weft: " + says(stage));
            err.flush();
            if (stage.equals("steady")) {
                return answer;
            }
            var _ = never.await(pause, TimeUnit.SECONDS);
        }
    }

    private static String says(String stage) {
        return switch (stage) {
            case "trusted" -> "a new anchor is trusted beside the old one";
            case "issued" -> "the new anchor vouches for every workload";
            default -> "the old anchor is trusted no more";
        };
    }

    private static String table(JsonNode answer) {
        Table table = new Table("KIND", "NAME", "UNTIL", "CURRENT", "SERIAL", "SHA-256");
        for (JsonNode row : answer.path("rows")) {
            table.row(
                    row.path("kind").asString(""),
                    row.path("name").asString(""),
                    row.path("until").asString(""),
                    row.path("current").asBoolean(false) ? "√" : "-",
                    row.path("serial").asString(""),
                    row.path("fingerprint").asString(""));
        }
        return table.print(OutputFormat.TABLE);
    }
}
