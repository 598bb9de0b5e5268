package dev.weft.runtime.linux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where {@link SystemProgram}s, their libraries and what these read are. They run with capabilities in the mounts of a pod
 * already, so nothing of a pod's may be seen at such a place.
 */
public final class SystemPlaces {

    private static final Pattern GUARDED =
            Pattern.compile("(/usr)?/s?bin|(/usr)?/lib(32|64|x32)?|/etc/ld\\.so\\.[a-z.]+|/proc|/sys|/dev");

    /** Programs share memory there; nothing of the system's is in it. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final Pattern AROUND_GUARDED = Pattern.compile("/|/usr|/etc");

    private SystemPlaces() {}

    /**
     * Why nothing may be shown at a place; empty when it may.
     *
     * @param place an absolute path; the links on the way to it have been followed, or it is the container's own word
     */
    public static Optional<String> refusal(Path place) {
        Path target = place.normalize();
        boolean guarded = AROUND_GUARDED.matcher(target.toString()).matches();
        for (Path each = target; each != null && !guarded; each = each.getParent()) {
            guarded = GUARDED.matcher(each.toString()).matches();
        }
        return guarded && !target.startsWith(SHARED_MEMORY)
                ? Optional.of("mountPath " + place + " covers programs, libraries or devices of the system, which start"
                        + " the pod; mount at another place, such as /data or /usr/local/NAME")
                : Optional.empty();
    }
}
