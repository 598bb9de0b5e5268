package dev.weft.runtime.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is mounted for the calling thread, as {@code /proc/thread-self/mountinfo} tells it, proc(5). */
final class MountTable {

    private static final int PLACE = 4;
    private static final int OPTIONS = 5;
    private static final Map<String, Long> FLAGS = Map.of(
            "ro",
            1L,
            "nosuid",
            2L,
            "nodev",
            4L,
            "noexec",
            8L,
            "noatime",
            0x400L,
            "nodiratime",
            0x800L,
            "relatime",
            0x200000L);

    private MountTable() {}

    /**
     * One of them.
     *
     * @param flags those of mount(2) that are set for it
     */
    record Mount(String place, long flags) {}

    static List<Mount> read() throws IOException {
        List<Mount> all = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(" ", -1);
            long flags = 0;
            for (String option : fields[OPTIONS].split(",", -1)) {
                flags |= FLAGS.getOrDefault(option, 0L);
            }
            all.add(new Mount(unescaped(fields[PLACE]), flags));
        }
        return all;
    }

    /** The kernel writes blanks and the like as a backslash and three octal digits. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length()) {
                plain.append((char) Integer.parseInt(text, i + 1, i + 4, 8));
                i += 3;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return new String(plain.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
