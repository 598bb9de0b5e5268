package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The addresses of an Endpoints in one cell, as Kubernetes' printer shortens them. */
final class EndpointsText {

    private static final int SHOWN = 3;

    private EndpointsText() {}

    static String of(Resource endpoints) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : endpoints.at("/subsets")) {
            for (JsonNode address : subset.path("addresses")) {
                String ip = address.path("ip").asString("");
                if (subset.path("ports").isEmpty()) {
                    all.add(ip);
                }
                subset.path("ports")
                        .forEach(port -> all.add(ip + ":" + port.path("port").asInt(0)));
            }
        }
        if (all.isEmpty()) {
            return "<none>";
        }
        String shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }
}
