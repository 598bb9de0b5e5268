package dev.weft.runtime.names;

import dev.weft.resources.core.Service;
import dev.weft.runtime.names.Answer.Entry;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Answers questions for names as Kubernetes' DNS does
 * (github.com/kubernetes/dns/blob/master/docs/specification.md); of the outside, as the host's own resolver does.
 */
final class Resolver {

    private static final String ZONE = "cluster.local";
    private static final String BACKWARDS_4 = ".in-addr.arpa";
    private static final String BACKWARDS_6 = ".ip6.arpa";
    private static final int NIBBLES = 32;

    /** Nobody means more; BIND follows 16. */
    private static final int LINKS_MAX = 16;

    private final ClusterNames names;
    private final String pod;
    private final String namespace;
    private final boolean outside6;
    private final HostResolver host;

    /**
     * @param pod that asks, {@code namespace/name}
     * @param host of this machine, for one pod
     * @param outside6 whether the host can reach IPv6 addresses; if not, programs should not try them
     */
    Resolver(ClusterNames names, String pod, HostResolver host, boolean outside6) {
        this.names = names;
        this.pod = pod;
        this.namespace = pod.substring(0, pod.indexOf('/'));
        this.outside6 = outside6;
        this.host = host;
    }

    /** May block for the host's resolver. */
    Answer answer(String name, int type) {
        return answer(name, type, 0);
    }

    /** @param links how many names have led here, each the other's {@code externalName} */
    private Answer answer(String name, int type, int links) {
        Optional<ClusterAddress> known = names.wellKnown(name);
        if (known.isPresent()) {
            return addresses(name, type, List.of(known.get()));
        }
        if (name.equals(ZONE) || name.endsWith("." + ZONE)) {
            return ofCluster(name, type, links);
        }
        if (name.endsWith(BACKWARDS_4) || name.endsWith(BACKWARDS_6)) {
            return backwards(name, type);
        }
        return name.contains(".") || name.equals("localhost") ? ofOutside(name, type) : Answer.NO_SUCH_NAME;
    }

    private Answer ofCluster(String name, int type, int links) {
        String inside = name.length() > ZONE.length() ? name.substring(0, name.length() - ZONE.length() - 1) : "";
        List<String> labels = Arrays.asList(inside.split("\\.", -1));
        int last = labels.size() - 1;
        if (last == 2 && labels.get(last).equals("pod")) {
            return ofPodAddress(name, type, labels.getFirst());
        }
        if (last < 2 || last > 4 || !labels.get(last).equals("svc")) {
            return Answer.NO_SUCH_NAME;
        }
        Optional<Service> found = names.service(labels.get(last - 1), labels.get(last - 2));
        if (found.isEmpty()) {
            return Answer.NO_SUCH_NAME;
        }
        Service service = found.get();
        if (last == 4) {
            return ofPort(name, type, service, labels.get(0), labels.get(1));
        }
        if (last == 3) {
            Optional<ClusterAddress> pod =
                    Optional.ofNullable(names.pods(service).get(labels.getFirst()));
            return pod.map(address -> addresses(name, type, List.of(address))).orElse(Answer.NO_SUCH_NAME);
        }
        return ofService(name, type, service, links);
    }

    private Answer ofService(String name, int type, Service service, int links) {
        if (service.type() == Service.Type.EXTERNAL_NAME) {
            List<Entry> chain = new ArrayList<>();
            chain.add(new Entry(name, Question.CNAME, Question.labels(service.externalName())));
            if (links == LINKS_MAX) {
                return new Answer(Answer.Code.FAILED, List.of()); // they lead in a ring
            }
            if (type == Question.A || type == Question.AAAA) {
                Answer there = answer(service.externalName(), type, links + 1);
                if (there.code() == Answer.Code.FAILED) {
                    return there;
                }
                chain.addAll(there.entries());
            }
            return new Answer(Answer.Code.GOOD, chain);
        }
        Optional<ClusterAddress> own = names.address(service);
        if (own.isPresent()) {
            return addresses(name, type, List.of(own.get()));
        }
        Map<String, ClusterAddress> pods = names.pods(service);
        return pods.isEmpty() ? Answer.NO_SUCH_NAME : addresses(name, type, List.copyOf(pods.values()));
    }

    /** {@code _http._tcp.quote.shop.svc.cluster.local}. */
    private Answer ofPort(String name, int type, Service service, String port, String protocol) {
        List<Entry> entries = new ArrayList<>();
        String host = service.resource().name() + "." + service.resource().namespace() + ".svc." + ZONE;
        boolean any = false;
        for (Service.Port each : service.ports()) {
            if (protocol.equals("_tcp") && port.equals("_" + each.name())) {
                any = true;
                if (names.address(service).isPresent()) {
                    entries.add(target(name, each.port(), host));
                } else {
                    names.pods(service)
                            .keySet()
                            .forEach(pod -> entries.add(target(name, each.port(), pod + "." + host)));
                }
            }
        }
        if (!any) {
            return Answer.NO_SUCH_NAME;
        }
        return type == Question.SRV ? new Answer(Answer.Code.GOOD, entries) : Answer.NOTHING;
    }

    private static Entry target(String name, int port, String host) {
        byte[] labels = Question.labels(host);
        byte[] data = ByteBuffer.allocate(6 + labels.length)
                .putShort((short) 0)
                .putShort((short) 100)
                .putShort((short) port)
                .put(labels)
                .array();
        return new Entry(name, Question.SRV, data);
    }

    /** {@code 10-244-0-7.shop.pod.cluster.local}. */
    private Answer ofPodAddress(String name, int type, String dashed) {
        if (!dashed.matches("[0-9]{1,3}(-[0-9]{1,3}){3}")) {
            return Answer.NO_SUCH_NAME;
        }
        try {
            ClusterAddress address = ClusterAddress.of(InetAddress.ofLiteral(dashed.replace('-', '.')));
            boolean there =
                    address != null && names.name(address).filter(name::equals).isPresent();
            return there && address != null ? addresses(name, type, List.of(address)) : Answer.NO_SUCH_NAME;
        } catch (IllegalArgumentException _) {
            return Answer.NO_SUCH_NAME; // 300-1-1-1
        }
    }

    private static Answer addresses(String name, int type, List<ClusterAddress> all) {
        return switch (type) {
            case Question.A ->
                new Answer(
                        Answer.Code.GOOD,
                        all.stream()
                                .map(each -> new Entry(name, type, each.bytes4()))
                                .toList());
            case Question.AAAA ->
                new Answer(
                        Answer.Code.GOOD,
                        all.stream()
                                .map(each -> new Entry(name, type, each.bytes6()))
                                .toList());
            default -> Answer.NOTHING;
        };
    }

    private Answer backwards(String name, int type) {
        Optional<String> found = address(name).map(ClusterAddress::of).flatMap(names::name);
        if (found.isEmpty()) {
            return Answer.NO_SUCH_NAME;
        }
        return type == Question.PTR
                ? new Answer(Answer.Code.GOOD, List.of(new Entry(name, Question.PTR, Question.labels(found.get()))))
                : Answer.NOTHING;
    }

    private static Optional<InetAddress> address(String name) {
        boolean four = name.endsWith(BACKWARDS_4);
        String reversed = name.substring(0, name.length() - (four ? BACKWARDS_4 : BACKWARDS_6).length());
        List<String> parts = Arrays.asList(reversed.split("\\.", -1)).reversed();
        StringBuilder literal = new StringBuilder();
        if (four && parts.size() == 4) {
            literal.append(String.join(".", parts));
        } else if (!four && parts.size() == NIBBLES) {
            for (int i = 0; i < NIBBLES; i++) {
                literal.append(i > 0 && i % 4 == 0 ? ":" : "").append(parts.get(i));
            }
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal.toString()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Answer ofOutside(String name, int type) {
        if (names.denies(namespace)) {
            return new Answer(Answer.Code.REFUSED, List.of()); // a question, too, carries something out
        }
        if (type != Question.A && type != Question.AAAA) {
            return new Answer(Answer.Code.NOT_KNOWN, List.of());
        }
        List<Entry> entries = new ArrayList<>();
        try {
            for (InetAddress each : host.addresses(name)) {
                boolean wanted =
                        type == Question.A ? each instanceof Inet4Address : each instanceof Inet6Address && outside6;
                if (wanted) {
                    names.knownAs(pod, InetAddress.getByAddress(each.getAddress()), name);
                    entries.add(new Entry(name, type, each.getAddress()));
                }
            }
        } catch (UnknownHostException _) {
            return Answer.NO_SUCH_NAME;
        } catch (TimeoutException _) {
            return new Answer(Answer.Code.FAILED, List.of());
        }
        return new Answer(Answer.Code.GOOD, entries);
    }
}
