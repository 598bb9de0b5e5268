package dev.weft.apiserver.admission;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Where a webhook is called: what is wrong with its {@code clientConfig}. */
final class ClientConfig {

    private ClientConfig() {}

    /** What is wrong, by its place. */
    static Map<String, String> faults(JsonNode config, String at) {
        Map<String, String> faults = new LinkedHashMap<>();
        if (config.has("url") == config.has("service")) {
            faults.put(at, "Required value: exactly one of url or service is required");
        } else if (config.has("url")) {
            invalid(faults, at + ".url", config.path("url"), urlFault(config.path("url")));
        } else {
            JsonNode service = config.path("service");
            if (!service.path("path").asString("/").startsWith("/")) {
                invalid(faults, at + ".service.path", service.path("path"), "must start with a '/'");
            } else {
                invalid(faults, at + ".service.path", service.path("path"), pathFault(service.path("path")));
            }
            int port = service.path("port").asInt(443);
            if (port < 1 || port > 65_535) {
                invalid(faults, at + ".service.port", service.path("port"), "port is not valid: must be 1 to 65535");
            }
        }
        invalid(faults, at + ".caBundle", config.path("caBundle"), bundleFault(config.path("caBundle")));
        return faults;
    }

    private static void invalid(Map<String, String> faults, String at, JsonNode value, String why) {
        if (!why.isEmpty()) {
            faults.put(at, "Invalid value: " + value + ": " + why);
        }
    }

    /** Empty when there is none. */
    private static String urlFault(JsonNode url) {
        try {
            URI uri = new URI(url.asString(""));
            if (!"https".equals(uri.getScheme())) {
                return "'https' is the only allowed URL scheme; desired format: https://host[/path]";
            }
            if (uri.getHost() == null) {
                return "host must be specified; desired format: https://host[/path]";
            }
            return uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null
                    ? ""
                    : "user information, query and fragment are not permitted in the URL";
        } catch (URISyntaxException e) {
            return "url must be a valid URL: " + e.getMessage() + "; desired format: https://host[/path]";
        }
    }

    private static String pathFault(JsonNode path) {
        try {
            return new URI("https://host" + path.asString("/")).getRawFragment() == null ? "" : "has a fragment";
        } catch (URISyntaxException e) {
            return "must be a path of a URL: " + e.getReason();
        }
    }

    /** One that is blank stands for one that somebody fills in later. */
    private static String bundleFault(JsonNode bundle) {
        try {
            byte[] pem = Base64.getDecoder().decode(bundle.asString(""));
            if (new String(pem, StandardCharsets.UTF_8).isBlank()) {
                return "";
            }
            return CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))
                            .isEmpty()
                    ? "has no certificate"
                    : "";
        } catch (IllegalArgumentException | CertificateException e) {
            return "unable to load root certificates: " + e.getMessage();
        }
    }
}
