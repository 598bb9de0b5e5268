package dev.weft.runtime.pod;

import com.sun.security.auth.module.UnixSystem;
import dev.weft.runtime.linux.SystemProgram;
import dev.weft.runtime.process.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** As whom a container's program runs: what {@code securityContext} says, where the platform's own account can do it. */
public final class RunAs {

    private static final String REASON = "CreateContainerConfigError";
    private static final Path ACCOUNTS = Path.of("/etc/passwd");

    private final long own;

    private RunAs(long own) {
        this.own = own;
    }

    /** For a platform of the account that runs this. */
    public static RunAs here() {
        return new RunAs(new UnixSystem().getUid());
    }

    /** For a platform of the account with this number. */
    static RunAs of(long own) {
        return new RunAs(own);
    }

    /** Whether it can choose accounts and groups. */
    boolean root() {
        return own == 0;
    }

    /**
     * The account to choose; empty for the platform's own.
     *
     * @param pod the pod's {@code securityContext}
     * @param container the container's, which is stronger
     */
    Optional<Account> account(JsonNode pod, JsonNode container) throws Preparation.Refusal {
        JsonNode user = stronger(pod, container, "runAsUser");
        JsonNode group = stronger(pod, container, "runAsGroup");
        long wanted = user.asLong(own);
        if (wanted == 0 && stronger(pod, container, "runAsNonRoot").asBoolean(false)) {
            throw new Preparation.Refusal(
                    REASON,
                    "runAsNonRoot is true, and the program would run as root; set runAsUser, or run Weft as an ordinary"
                            + " account");
        }
        List<Long> further = further(pod);
        if (user.isMissingNode() && group.isMissingNode() && further.isEmpty()) {
            return Optional.empty();
        }
        if (own != 0) {
            if (wanted != own) {
                throw new Preparation.Refusal(
                        REASON,
                        "runAsUser " + wanted + ": Weft runs as the ordinary account " + own
                                + ", which cannot become another; remove it, set it to " + own
                                + ", or run Weft as root");
            }
            return Optional.empty(); // its groups are the account's, whatever runAsGroup says
        }
        if (!SystemProgram.SETPRIV.exists()) {
            throw new Preparation.Refusal(
                    REASON, "accounts and groups need util-linux's setpriv, which this machine has not");
        }
        return Optional.of(new Account(wanted, group.isMissingNode() ? groupOf(wanted) : group.asLong(), further));
    }

    /** To whom the pod's volumes belong; empty where this account cannot give files away. */
    OptionalLong group(PodSpec pod) {
        JsonNode group = pod.resource().at("/spec/securityContext/fsGroup");
        return own == 0 && group.isNumber() ? OptionalLong.of(group.asLong()) : OptionalLong.empty();
    }

    /** The volumes' group and those that the pod names. */
    private static List<Long> further(JsonNode pod) {
        return Stream.concat(
                        Stream.of(pod.path("fsGroup")),
                        pod.path("supplementalGroups").valueStream())
                .filter(JsonNode::isNumber)
                .map(JsonNode::asLong)
                .distinct()
                .toList();
    }

    private static JsonNode stronger(JsonNode pod, JsonNode container, String field) {
        return container.has(field) ? container.path(field) : pod.path(field);
    }

    /** As the machine's list of accounts says; of one that is not there, the group of the same number, never root's. */
    private static long groupOf(long user) throws Preparation.Refusal {
        try (Stream<String> lines = Files.lines(ACCOUNTS, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 3 && fields[2].equals(Long.toString(user)))
                    .map(fields -> Long.parseLong(fields[3]))
                    .findFirst()
                    .orElse(user);
        } catch (IOException | NumberFormatException e) {
            throw new Preparation.Refusal(REASON, "runAsUser " + user + ": " + ACCOUNTS + " cannot be read: " + e);
        }
    }
}
