package dev.weft.runtime.spare;

import dev.weft.runtime.image.FunctionCommand;
import dev.weft.runtime.image.FunctionCommand.Served;
import dev.weft.runtime.wire.Launch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a parked JVM can become what is to be launched: whatever a JVM reads only at its start has to be the same. */
public sealed interface Fit {

    /**
     * It can.
     *
     * @param properties system properties that are set in place of options {@code -D}
     */
    record Suits(Served served, Map<String, String> properties) implements Fit {}

    /** It cannot, for this reason. */
    record Refused(String why) implements Fit {}

    /** Options of the JDK's launcher. */
    String OPTIONS = "JDK_JAVA_OPTIONS";

    /** Read by the JVM, the C library or the loader when a process begins. */
    Pattern READ_AT_START =
            Pattern.compile("JDK_JAVA_OPTIONS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_AOT_VM_OPTIONS|CLASSPATH"
                    + "|LD_.*|GLIBC_TUNABLES|MALLOC_.*|LANG|LANGUAGE|LC_.*|TZ|TZDIR|LOCPATH|NLSPATH");

    /** Properties of the JDK's own may have been read already; the others are read when somebody asks. */
    Pattern PROPERTY = Pattern.compile(
            "-D(?!java\\.|jdk\\.|sun\\.|com\\.sun\\.|user\\.|file\\.|native\\.|std|os\\.|path\\.|line\\."
                    + "|weft\\.)([A-Za-z][A-Za-z0-9_.-]*)=([^\"'\\\\*?]*)");

    /** Names among these that no spare can be given later, whatever their values. */
    static Set<String> fixed(Set<String> names) {
        Set<String> fixed = new TreeSet<>(names);
        fixed.removeIf(
                name -> name.equals(OPTIONS) || !READ_AT_START.matcher(name).matches());
        return fixed;
    }

    /** Of this launch to a spare that was started with this environment. */
    static Fit of(Launch launch, FunctionCommand functions, Map<String, String> parked) {
        Optional<Served> served = functions.served(launch.command());
        if (served.isEmpty()) {
            return new Refused("its command is not that of a function alone");
        }
        if (launch.account().isPresent()) {
            return new Refused("it runs as the user " + launch.account().get().user() + ", with groups of its own");
        }
        if (launch.shown().stream().anyMatch(shown -> !shown.below().toString().isEmpty())) {
            return new Refused("a subPath of a volume can be mounted only before a program starts");
        }
        Optional<Map<String, String>> properties = properties(launch.environment(), parked);
        if (properties.isEmpty()) {
            return new Refused(OPTIONS + " has more than properties (-Dname=value)");
        }
        Set<String> names = new TreeSet<>(launch.environment().keySet());
        names.addAll(parked.keySet());
        for (String name : fixed(names)) {
            String wanted = launch.environment().getOrDefault(name, "");
            if (!wanted.equals(parked.getOrDefault(name, ""))) {
                return new Refused(name + " is read only when a process starts");
            }
        }
        return new Suits(served.get(), properties.get());
    }

    /** Those that the launch has beyond the parked one's options; empty where there are other options among them. */
    private static Optional<Map<String, String>> properties(Map<String, String> wanted, Map<String, String> parked) {
        String had = parked.getOrDefault(OPTIONS, "");
        String options = wanted.getOrDefault(OPTIONS, "");
        if (!options.startsWith(had)) {
            return Optional.empty();
        }
        Map<String, String> properties = new LinkedHashMap<>();
        String more = options.substring(had.length()).strip();
        for (String word : more.isEmpty() ? List.<String>of() : List.of(more.split("\\s+"))) {
            Matcher property = PROPERTY.matcher(word);
            if (!property.matches()) {
                return Optional.empty();
            }
            properties.put(property.group(1), property.group(2));
        }
        return Optional.of(properties);
    }
}
