package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.NamespaceOption;
import dev.weft.resources.core.LabelSelector;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "logs",
        description = "Prints what a pod's program wrote.",
        footer = {"", "Examples:", "  weft logs deploy/quote-v1", "  weft logs -f ksvc/hello"})
final class Logs implements Callable<Integer> {

    @Parameters(paramLabel = "POD", description = "A pod's name, or deploy/NAME, or ksvc/NAME for all of its pods.")
    private String subject = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted.")
    private boolean follow;

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ApiClient client = api.client();
        List<String> pods = pods(client);
        if (pods.isEmpty()) {
            throw Refusal.failed(subject + " has no pod in namespace " + namespace.name());
        }
        List<Thread> readers = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        for (String pod : pods) {
            String prefix = pods.size() == 1 ? "" : pod + " ";
            readers.add(Thread.ofVirtual().start(() -> {
                try {
                    print(client, pod, prefix);
                } catch (Refusal e) {
                    synchronized (refusals) {
                        refusals.add(e);
                    }
                }
            }));
        }
        for (Thread reader : readers) {
            reader.join();
        }
        if (!refusals.isEmpty()) {
            throw refusals.getFirst();
        }
        return 0;
    }

    private void print(ApiClient client, String pod, String prefix) {
        PrintWriter out = spec.commandLine().getOut();
        client.lines("/api/v1/namespaces/" + namespace.name() + "/pods/" + pod + "/log?follow=" + follow, line -> {
            out.println(prefix + line);
            out.flush();
            return true;
        });
    }

    private List<String> pods(ApiClient client) {
        int slash = subject.indexOf('/');
        if (slash < 0) {
            return List.of(subject);
        }
        String kind = subject.substring(0, slash);
        String name = subject.substring(slash + 1);
        String selector = switch (kind) {
            case "pod", "po", "pods" -> "";
            case "deploy", "deployment", "deployments" ->
                labels(client.get("/apis/apps/v1/namespaces/" + namespace.name() + "/deployments/" + name));
            case "ksvc" -> "serving.knative.dev/service=" + name;
            default ->
                throw Refusal.impossible(
                        "logs of \"" + kind + "\" are not known; name a pod, deploy/NAME or ksvc/NAME");
        };
        if (selector.isEmpty()) {
            return List.of(name);
        }
        List<String> pods = new ArrayList<>();
        client.get("/api/v1/namespaces/" + namespace.name() + "/pods?labelSelector="
                        + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .path("items")
                .forEach(pod -> pods.add(pod.at("/metadata/name").asString("")));
        return pods;
    }

    private static String labels(JsonNode deployment) {
        return LabelSelector.text(deployment.at("/spec/selector"));
    }
}
