package dev.weft.resources.permission;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** Who is asked before something is written (admissionregistration.k8s.io/v1): validating or mutating webhooks. */
public record WebhookConfiguration(Resource resource, List<String> names) {

    public WebhookConfiguration {
        names = List.copyOf(names);
    }

    public static WebhookConfiguration of(Resource resource, Fields root) {
        boolean mutating = resource.kind().equals(Kinds.MUTATING_WEBHOOKS);
        return new WebhookConfiguration(resource, root.objects("webhooks", webhook -> webhook(webhook, mutating)));
    }

    private static String webhook(Fields webhook, boolean mutating) {
        webhook.requiredObject("clientConfig", client -> {
            client.text("url", "");
            client.text("caBundle", "");
            return client.object("service", service -> {
                service.requiredText("namespace");
                service.text("path", "/");
                service.integer("port", 443, 1, 65535);
                return service.requiredText("name");
            });
        });
        webhook.objects("rules", Selectors::rule);
        webhook.objects("matchConditions", Selectors::condition);
        Selectors.selected(webhook);
        webhook.word("failurePolicy", List.of("Fail", "Ignore"));
        webhook.requiredText("sideEffects");
        webhook.integer("timeoutSeconds", 10, 1, 30);
        webhook.texts("admissionReviewVersions");
        if (mutating) {
            webhook.word("reinvocationPolicy", List.of("Never", "IfNeeded"));
        }
        return webhook.requiredText("name");
    }
}
