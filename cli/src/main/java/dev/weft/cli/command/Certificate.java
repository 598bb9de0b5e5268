package dev.weft.cli.command;

import dev.weft.cli.authority.LocalAuthority;
import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.NamespaceOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "certificate",
        description =
                "Makes a TLS certificate for the edge, as a Secret, signed by an authority of this data directory.",
        footer = {
            "",
            "The authority is made on first use, in DIR/authority, and is trusted by nobody until you say so; the",
            "certificate lasts 90 days, and running the command again makes another.",
            "",
            "Examples:",
            "  weft certificate example-tls --host '*.example.com' --host '*.default.example.com'",
            "  weft certificate example-tls --host shop.local --print > secret.yaml"
        })
final class Certificate implements Callable<Integer> {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?");

    @Parameters(paramLabel = "NAME", description = "The Secret's name, as a Host's spec.tlsSecret has it.")
    private String name = "";

    @Option(names = "--host", paramLabel = "HOST", required = true, description = "A name that it is for; repeatable.")
    private List<String> hosts = List.of();

    @Option(names = "--print", description = "Prints the Secret instead of applying it; needs no running platform.")
    private boolean print;

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        check(NAME, name, "the name of a Secret");
        check(NAME, namespace.name(), "a namespace");
        hosts.forEach(host -> check(HOST, host, "a host name"));
        Optional<ApiClient> client = print ? Optional.empty() : Optional.of(api.client());
        Path folder = api.data().resolve("authority");
        String secret = LocalAuthority.in(folder).secretYaml(namespace.name(), name, hosts);
        PrintWriter out = spec.commandLine().getOut();
        if (client.isEmpty()) {
            out.print(secret);
            return 0;
        }
        String path = "/api/v1/namespaces/" + namespace.name() + "/secrets/" + name;
        client.get().send("PATCH", path + "?fieldManager=weft&force=true", "application/apply-patch+yaml", secret);
        String example = hosts.getFirst().replace("*", "hello");
        out.printf("Secret %s/%s holds a certificate for %s%n", namespace.name(), name, String.join(", ", hosts));
        out.printf(
                "  signed by %s, which is what clients have to trust (8443: the edge's --https-port):%n", ca(folder));
        out.printf("  curl --cacert %s --connect-to ::127.0.0.1:8443 https://%s/%n", ca(folder), example);
        return 0;
    }

    private static Path ca(Path folder) {
        return folder.resolve("ca.crt");
    }

    private static void check(Pattern pattern, String text, String what) {
        if (!pattern.matcher(text).matches()) {
            throw Refusal.impossible("\"" + text + "\" is not " + what);
        }
    }
}
