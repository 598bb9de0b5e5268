package dev.weft.runtime.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of the system that differ from pod to pod, and a folder for temporary ones; all in one folder of the pod's. */
public final class PodFiles {

    private static final String NAME_SERVERS = "/etc/resolv.conf";
    private static final String HOSTS = "/etc/hosts";

    private final Path folder;
    private final Map<Path, Path> shown = new LinkedHashMap<>();

    private PodFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes them.
     *
     * @param folder made, and deleted in the end
     * @param nameServer that the pod's programs ask; its network answers
     */
    public static PodFiles write(Path folder, String namespace, String pod, PodAddresses addresses, String nameServer)
            throws IOException {
        PodFiles files = new PodFiles(Files.createDirectories(folder.normalize()));
        files.add(NAME_SERVERS, nameServers(namespace, nameServer));
        files.add(HOSTS, hosts(pod, addresses));
        files.add("/etc/nsswitch.conf", """
                passwd: files
                group: files
                shadow: files
                hosts: files dns
                networks: files
                protocols: files
                services: files
                """);
        return files;
    }

    private static String nameServers(String namespace, String nameServer) {
        String zone = "svc.cluster.local";
        return """
                nameserver %s
                search %s.%s %s cluster.local
                options ndots:5
                """.formatted(nameServer, namespace, zone, zone);
    }

    private static String hosts(String pod, PodAddresses addresses) {
        return """
                127.0.0.1 localhost
                ::1 localhost ip6-localhost ip6-loopback
                %s %s
                %s %s
                """.formatted(addresses.text(), pod, addresses.address6().getHostAddress(), pod);
    }

    /** Makes them those of another pod with the same addresses; whoever sees them already sees the change. */
    public void rename(String namespace, String pod, PodAddresses addresses, String nameServer) throws IOException {
        rewrite(NAME_SERVERS, nameServers(namespace, nameServer));
        rewrite(HOSTS, hosts(pod, addresses));
    }

    private void rewrite(String place, String content) throws IOException {
        Files.writeString(folder.resolve(String.valueOf(Path.of(place).getFileName())), content);
    }

    /** Those of a pod that sees the machine's own. */
    static PodFiles none(Path folder) throws IOException {
        return new PodFiles(Files.createDirectories(folder.normalize()));
    }

    private void add(String place, String content) throws IOException {
        Path target = Path.of(place);
        Path source = folder.resolve(String.valueOf(target.getFileName()));
        Files.writeString(source, content);
        if (Files.exists(target)) { // of a link, what it leads to is covered
            shown.put(source, target);
        } else if (place.equals(NAME_SERVERS)) {
            throw new IOException(
                    place + " does not exist on this machine, or is a link that leads nowhere; pods need a"
                            + " place for theirs. Create it: sudo touch " + place);
        }
    }

    /** What is to be seen where. */
    Map<Path, Path> shown() {
        return shown;
    }

    /** A folder among them. */
    Path folder(String name) throws IOException {
        Path place = folder.resolve(name).normalize();
        if (!folder.equals(place.getParent())) {
            throw new IOException("not the name of a folder: " + name);
        }
        return Files.createDirectories(place);
    }

    /** A folder among them in which everybody may write. */
    Path temporary(String name) throws IOException {
        Path made = folder(name);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        return made;
    }

    /** Deletes the folder. */
    void delete() {
        FileTree.delete(folder);
    }

    /** Deletes what pods of an earlier run left behind. */
    public static void sweep(Path folders) {
        FileTree.delete(folders);
    }
}
