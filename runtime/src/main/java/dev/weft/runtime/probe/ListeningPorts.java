package dev.weft.runtime.probe;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which TCP ports a program and its children listen on, as Linux tells it (proc(5), {@code net/tcp} and {@code fd}). */
public final class ListeningPorts {

    private static final String LISTENING = "0A";
    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningPorts() {}

    /** In ascending order; empty where nobody may look. */
    public static List<Integer> of(long pid) {
        Set<String> sockets = new HashSet<>();
        ProcessHandle.of(pid).stream()
                .flatMap(program -> Stream.concat(Stream.of(program), program.descendants()))
                .forEach(program -> sockets(program.pid(), sockets));
        SortedSet<Integer> ports = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            listening(Path.of("/proc/" + pid + "/net/" + table), sockets, ports);
        }
        return List.copyOf(ports);
    }

    private static void sockets(long pid, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files) {
                String target = Files.readSymbolicLink(file).toString();
                if (target.startsWith("socket:[")) {
                    sockets.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // it has ended, or is another's; then there is nothing to tell
        }
    }

    private static void listening(Path table, Set<String> sockets, SortedSet<Integer> ports) {
        List<String> lines;
        try {
            lines = Files.readAllLines(table);
        } catch (IOException e) {
            return; // likewise
        }
        for (String line : lines) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > INODE && fields[STATE].equals(LISTENING) && sockets.contains(fields[INODE])) {
                String address = fields[ADDRESS];
                ports.add(Integer.parseInt(address.substring(address.indexOf(':') + 1), 16));
            }
        }
    }
}
