package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions such as {@code 1.2.3-rc.1} (Semantic Versioning 2.0). */
final class Versions {

    static final String NAME = "kubernetes.Semver";

    /** @param rest what stands before a release: {@code rc.1} */
    record Version(long major, long minor, long patch, String rest) implements Comparable<Version> {

        /** Semantic Versioning 2.0, section 11. */
        @Override
        public int compareTo(Version other) {
            int order = Long.compare(major, other.major);
            order = order != 0 ? order : Long.compare(minor, other.minor);
            order = order != 0 ? order : Long.compare(patch, other.patch);
            if (order != 0 || rest.equals(other.rest)) {
                return order;
            }
            if (rest.isEmpty() || other.rest.isEmpty()) {
                return rest.isEmpty() ? 1 : -1;
            }
            String[] a = rest.split("\\.", -1);
            String[] b = other.rest.split("\\.", -1);
            for (int i = 0; i < Math.min(a.length, b.length); i++) {
                boolean first = a[i].matches("\\d{1,18}");
                boolean second = b[i].matches("\\d{1,18}");
                order = first && second
                        ? Long.compare(Long.parseLong(a[i]), Long.parseLong(b[i]))
                        : first != second ? (first ? -1 : 1) : a[i].compareTo(b[i]);
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(a.length, b.length);
        }
    }

    private static final CelType VERSION = OpaqueType.create(NAME);
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.(\\d{1,18})(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?");

    private Versions() {}

    static void declare(Library library) {
        List<CelType> text = List.of(SimpleType.STRING);
        List<CelType> one = List.of(VERSION);
        List<CelType> two = List.of(VERSION, VERSION);
        library.function(
                "isSemver", SimpleType.BOOL, text, it -> parse((String) it[0]).isPresent());
        library.function(
                "semver",
                VERSION,
                text,
                it -> parse((String) it[0])
                        .orElseThrow(() -> new CelEvaluationException("\"" + it[0] + "\" is no semantic version")));
        library.member("major", SimpleType.INT, one, it -> ((Version) it[0]).major());
        library.member("minor", SimpleType.INT, one, it -> ((Version) it[0]).minor());
        library.member("patch", SimpleType.INT, one, it -> ((Version) it[0]).patch());
        library.member("isLessThan", SimpleType.BOOL, two, it -> compare(it) < 0);
        library.member("isGreaterThan", SimpleType.BOOL, two, it -> compare(it) > 0);
        library.member("compareTo", SimpleType.INT, two, it -> (long) compare(it));
    }

    private static int compare(Object[] both) {
        return Integer.signum(((Version) both[0]).compareTo((Version) both[1]));
    }

    private static Optional<Version> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String rest = matcher.group(4) == null ? "" : matcher.group(4);
        return Optional.of(new Version(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                rest));
    }
}
