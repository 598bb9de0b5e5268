package dev.weft.control.compile;

import dev.weft.model.workload.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Mapping's {@code service} says: {@code [http[s]://]host[:port]}.
 *
 * @param host lower case is not forced; IPv6 without brackets
 * @param port 80 or 443 when not given
 */
record ServiceAddress(boolean tls, String host, int port) {

    private static final Pattern FORM =
            Pattern.compile("(?:(https?)://)?(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?/?");
    private static final Pattern IPV4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    /** @throws IllegalArgumentException with a message for people */
    static ServiceAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no service");
        }
        boolean tls = "https".equals(matcher.group(1));
        String host = matcher.group(2);
        OptionalInt port =
                matcher.group(3) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(matcher.group(3)));
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)) {
            throw new IllegalArgumentException("\"" + text + "\" names port " + port.getAsInt());
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ServiceAddress(tls, bare, port.orElse(tls ? 443 : 80));
    }

    /** The same, spoken to with TLS. */
    ServiceAddress secured() {
        return new ServiceAddress(true, host, port);
    }

    /** An address or {@code localhost}: never a Service. */
    boolean numericOrLocal() {
        return host.contains(":") || IPV4.matcher(host).matches() || host.equals("localhost");
    }

    boolean dotted() {
        return host.contains(".");
    }

    /** The Services that the host may mean, for a resource of this namespace. */
    List<ServiceName> candidates(String namespace) {
        List<ServiceName> candidates = new ArrayList<>();
        String[] labels = host.split("\\.", -1);
        if (labels.length == 1) {
            candidates.add(new ServiceName(namespace, labels[0]));
        }
        String rest = labels.length < 3 ? "" : String.join(".", List.of(labels).subList(2, labels.length));
        if (labels.length == 2 || rest.equals("svc") || rest.equals("svc.cluster.local")) {
            candidates.add(new ServiceName(labels[1], labels[0]));
        }
        return candidates;
    }
}
