package dev.weft.apiserver.store;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/** A process that writes with 20 threads and prints each write once it is acknowledged, until it is killed. */
final class Writers {

    private Writers() {}

    /** Starts it on a store. */
    static List<String> command(Path directory) {
        return List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writers.class.getName(),
                directory.toString());
    }

    public static void main(String[] arguments) {
        SqliteStore store = new SqliteStore(Path.of(arguments[0]), InstantSource.system());
        for (int writer = 0; writer < 20; writer++) {
            String name = "writer-" + writer;
            Thread.ofPlatform().start(() -> write(store, name));
        }
        LockSupport.park();
    }

    private static void write(SqliteStore store, String name) {
        PrintStream out = System.out;
        long number = store.get(Kinds.CONFIG_MAP.key("default", name))
                .map(resource -> resource.at("/data/number").asLong(0))
                .orElse(0L);
        while (true) {
            number++;
            ObjectNode json = Resource.of(Kinds.CONFIG_MAP.key("default", name)).edit();
            json.withObject("/data").put("number", number);
            Resource stored = store.apply(new Resource(Kinds.CONFIG_MAP, json));
            out.println("acknowledged " + name + " " + number + " " + stored.resourceVersion() + ".");
        }
    }
}
