package dev.weft.control.declared;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.core.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells Services that name an address which they do not get: it is the older one's, or nobody's to choose. */
public final class ClusterIps {

    private static final String FIELD = "spec.clusterIP";
    private static final String RANGE = "10.96.";
    private static final Set<String> RESERVED = Set.of("10.96.0.0", "10.96.0.1", "10.96.0.2", "10.96.0.10");
    private static final String REMEDY = "Remove clusterIP; a free address is made from the name.";

    private ClusterIps() {}

    public static void check(Declarations declarations, Findings findings) {
        Map<String, Key> owners = new HashMap<>();
        List<Declared<Service>> services = new ArrayList<>(declarations.readable(Kinds.SERVICE, Service.class));
        services.sort(Declared.OLDEST_FIRST);
        for (Declared<Service> declared : services) {
            String address = declared.resource().at("/spec/clusterIP").asString("");
            boolean named = !address.isEmpty() && !address.equals("None");
            if (!named || declared.value().orElseThrow().type() == Service.Type.EXTERNAL_NAME) {
                continue;
            }
            if (!address.startsWith(RANGE)) {
                findings.warning(
                        declared.key(),
                        FIELD,
                        "AddressNotUsed",
                        address + " is not in 10.96.0.0/16, so pods reach the Service at another address.",
                        REMEDY);
            } else if (RESERVED.contains(address)) {
                findings.error(declared.key(), FIELD, "Conflict", address + " is Weft's own.", REMEDY);
            } else {
                Key owner = owners.putIfAbsent(address, declared.key());
                if (owner != null) {
                    findings.error(
                            declared.key(),
                            FIELD,
                            "Conflict",
                            address + " is the address of " + owner.reference() + " already.",
                            REMEDY);
                }
            }
        }
    }
}
