package dev.weft.proxy.route;

import dev.weft.model.traffic.Frontend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The edge's frontends by host: the exact name, else the longest {@code *.suffix}, else {@code *}. Immutable. */
final class EdgeNames {

    private final HostMap<Optional<FrontendRoutes>> exact;
    private final HostMap<Optional<FrontendRoutes>> suffixes;
    private final Optional<FrontendRoutes> any;

    EdgeNames(List<Frontend> frontends, Map<Frontend, FrontendRoutes> routes) {
        Map<String, Optional<FrontendRoutes>> names = new LinkedHashMap<>();
        Map<String, Optional<FrontendRoutes>> endings = new LinkedHashMap<>();
        for (Frontend frontend : frontends) {
            Optional<FrontendRoutes> indexed = Optional.ofNullable(routes.get(frontend));
            for (String host : frontend.hosts()) {
                String lower = host.toLowerCase(Locale.ROOT);
                boolean ending = lower.startsWith("*");
                (ending ? endings : names).putIfAbsent(ending ? lower.substring(1) : lower, indexed);
            }
        }
        this.any = endings.getOrDefault("", Optional.empty());
        endings.remove("");
        this.exact = new HostMap<>(names);
        this.suffixes = new HostMap<>(endings);
    }

    Optional<FrontendRoutes> find(HeadView head) {
        byte[] bytes = head.bytes();
        int from = head.authorityStart();
        int end = Authority.hostEnd(bytes, from, head.authorityEnd());
        int index = exact.find(bytes, from, end);
        if (index != HostMap.ABSENT) {
            return exact.value(index);
        }
        return suffixes.isEmpty() ? any : bySuffix(bytes, from, end);
    }

    /** From the left, so that the longest wins; a suffix starts with its dot and leaves at least one character. */
    private Optional<FrontendRoutes> bySuffix(byte[] bytes, int from, int end) {
        for (int i = from + 1; i < end; i++) {
            if (bytes[i] == '.') {
                int index = suffixes.find(bytes, i, end);
                if (index != HostMap.ABSENT) {
                    return suffixes.value(index);
                }
            }
        }
        return any;
    }
}
