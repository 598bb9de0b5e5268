package dev.weft.control.compile;

import dev.weft.control.declared.AnnotationValues;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.AddressRange;
import dev.weft.resources.emissary.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose word on the client is taken where connections begin with a PROXY header. */
final class Announcers {

    private static final String FROM = "proxy-protocol.weft.dev/from";

    /** This machine and private networks, where balancers stand: whoever comes from elsewhere could say anything. */
    static final List<AddressRange> USUAL = Stream.of(
                    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
            .map(AddressRange::parse)
            .toList();

    /** When what is written cannot be read: wider than it was meant would be worse than nobody. */
    private static final List<AddressRange> THIS_MACHINE =
            List.of(AddressRange.parse("127.0.0.0/8"), AddressRange.parse("::1/128"));

    private Announcers() {}

    static List<AddressRange> of(Declared<Listener> declared, Findings findings) {
        AnnotationValues values = new AnnotationValues(declared, findings);
        values.unknown(List.of("proxy-protocol.weft.dev/"), List.of(FROM));
        Optional<String> text = values.text(FROM);
        if (text.isEmpty()) {
            return USUAL;
        }
        List<AddressRange> ranges = new ArrayList<>();
        for (String each : text.get().split("[,\\s]+", -1)) {
            if (each.isEmpty()) {
                continue; // a comma at an end
            }
            try {
                ranges.add(AddressRange.parse(each));
            } catch (IllegalArgumentException e) {
                values.wrong(
                        FROM,
                        "names what is no network: " + e.getMessage(),
                        "Write for example 10.1.0.0/16, fd00::/8.");
                return THIS_MACHINE;
            }
        }
        return ranges.isEmpty() ? THIS_MACHINE : ranges;
    }
}
