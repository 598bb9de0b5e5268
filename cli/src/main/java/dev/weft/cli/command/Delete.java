package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Definitions;
import dev.weft.cli.client.Discovery;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.NamespaceOption;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "delete",
        description = "Deletes resources: those that files declare, or those named.",
        footer = {"", "Examples:", "  weft delete -f shop.yaml", "  weft delete trafficsplit quote"})
final class Delete implements Callable<Integer> {

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "A file, a folder, or - for standard input; may be repeated.")
    private List<Path> files = List.of();

    @Parameters(arity = "0..*", paramLabel = "KIND NAME...", description = "A kind, and names of that kind.")
    private List<String> words = List.of();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (files.isEmpty() == (words.size() < 2)) {
            throw Refusal.impossible("name files with -f, or a kind and at least one name");
        }
        return files.isEmpty() ? deleteNamed() : deleteDeclared();
    }

    private int deleteNamed() {
        ApiClient client = api.client();
        var kind = new Discovery(client).named(words.getFirst());
        boolean all = true;
        for (String name : words.subList(1, words.size())) {
            all = delete(client, kind.path(namespace.name(), name), kind.kind() + " " + name) && all;
        }
        return all ? 0 : 1;
    }

    private int deleteDeclared() {
        Declared declared = Declared.read(files, () -> Definitions.of(api.client()));
        boolean good = declared.report(spec.commandLine().getErr());
        ApiClient client = api.client();
        Discovery discovery = new Discovery(client);
        for (Declared.Entry entry : declared.entries().reversed()) { // definitions last: their kinds go with them
            var resource = entry.resource();
            var kind = discovery.find(resource.kind().group(), resource.kind().kind());
            kind.ifPresent(served -> delete(
                    client,
                    served.path(resource.namespace(), resource.name()),
                    resource.key().toString()));
        }
        return good ? 0 : 1;
    }

    private boolean delete(ApiClient client, String path, String subject) {
        PrintWriter out = spec.commandLine().getOut();
        boolean deleted = client.delete(path);
        out.println(subject + (deleted ? " deleted" : " not found"));
        return deleted;
    }
}
