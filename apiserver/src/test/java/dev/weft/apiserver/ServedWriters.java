package dev.weft.apiserver;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A process with an API, until it is killed. It says its port; for each line that it reads, a number, every writer adds one
 * that often to the number in its ConfigMap, and then it says so.
 */
final class ServedWriters {

    static final int WRITERS = 4;

    private ServedWriters() {}

    public static void main(String[] arguments) throws Exception {
        RunningApi api = new RunningApi(Path.of(arguments[0]));
        System.out.println(api.server.port());
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            int times = Integer.parseInt(order);
            List<Thread> writers = IntStream.range(0, WRITERS)
                    .mapToObj(writer -> Thread.ofPlatform().start(() -> write(api, "writer-" + writer, times)))
                    .toList();
            for (Thread writer : writers) {
                writer.join();
            }
            System.out.println("written");
        }
    }

    private static void write(RunningApi api, String name, int times) {
        Key key = Kinds.CONFIG_MAP.key("default", name);
        for (int i = 0; i < times; i++) {
            ObjectNode json = api.store.get(key).orElse(Resource.of(key)).edit();
            json.withObject("/data").put("number", json.at("/data/number").asLong(0) + 1);
            api.store.apply(new Resource(Kinds.CONFIG_MAP, json));
        }
    }
}
