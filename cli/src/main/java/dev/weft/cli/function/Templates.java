package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What {@code weft fn new} writes: each template is a whole function, with no more files than it needs. */
final class Templates {

    private static final String JAVA = "src/function/Function.java";

    private static final String PLAIN = """
            package function;

            /** Called with each request: JSON in, JSON out. */
            public class Function implements java.util.function.Function<Function.Input, Function.Output> {

                public record Input(String message) {}

                public record Output(String message, int length) {}

                @Override
                public Output apply(Input input) {
                    return new Output(input.message(), input.message().length());
                }
            }
            """;

    private static final String HTTP = """
            package function;

            import com.google.cloud.functions.HttpFunction;
            import com.google.cloud.functions.HttpRequest;
            import com.google.cloud.functions.HttpResponse;

            /** Called with each request; runs unchanged wherever the Functions Framework does. */
            public class Function implements HttpFunction {

                @Override
                public void service(HttpRequest request, HttpResponse response) throws Exception {
                    String body = new String(request.getInputStream().readAllBytes(), "UTF-8");
                    response.setContentType("text/plain; charset=utf-8");
                    response.getWriter().write(request.getMethod() + " " + request.getPath() + " " + body + "\\n");
                }
            }
            """;

    private static final String EVENT = """
            package function;

            import com.google.cloud.functions.CloudEventsFunction;
            import io.cloudevents.CloudEvent;

            /** Called with each event; runs unchanged wherever the Functions Framework does. */
            public class Function implements CloudEventsFunction {

                @Override
                public void accept(CloudEvent event) {
                    String data = event.getData() == null ? "" : new String(event.getData().toBytes());
                    System.out.println(event.getType() + " from " + event.getSource() + ": " + data);
                }
            }
            """;

    private static final String PROCESS = """
            package function;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            /** A program that listens on PORT: any other, in any language, is run in the same way. */
            public class Main {

                public static void main(String[] arguments) throws Exception {
                    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
                    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
                    server.createContext("/", exchange -> {
                        byte[] body = ("Hello from " + exchange.getRequestURI() + "\\n").getBytes();
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    private static final String SPRING = """
            package function;

            import java.util.function.Function;
            import org.springframework.context.annotation.Bean;
            import org.springframework.context.annotation.Configuration;

            /** Functions as Spring Cloud Function has them: each answers on the path of its name. */
            @Configuration
            public class Functions {

                @Bean
                public Function<String, String> upper() {
                    return String::toUpperCase;
                }
            }
            """;

    @SuppressWarnings("InlineFormatString") // a file of its own
    private static final String SPRING_POM = """
            <?xml version="1.0" encoding="UTF-8"?>
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>function</groupId>
              <artifactId>%s</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>21</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency>
                  <groupId>org.springframework</groupId>
                  <artifactId>spring-context</artifactId>
                  <version>6.2.11</version>
                </dependency>
              </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <artifactId>maven-dependency-plugin</artifactId>
                    <version>3.8.1</version>
                    <executions>
                      <execution>
                        <phase>package</phase>
                        <goals><goal>copy-dependencies</goal></goals>
                        <configuration><outputDirectory>${project.build.directory}/lib</outputDirectory></configuration>
                      </execution>
                    </executions>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String NODE = """
            // Called with each request; an event's data is the body, and the event itself context.cloudevent.
            module.exports = {
              handle: async (context, body) => {
                return { message: body ? body.message : context.query.message, method: context.method };
              },
            };
            """;

    /** Maven's own, in a folder and in a template. */
    private static final List<String> WRAPPER = List.of("mvnw", ".mvn/wrapper/maven-wrapper.properties");

    private Templates() {}

    /**
     * Writes the files of a template.
     *
     * @param maven a folder with Maven's wrapper, for templates whose libraries it has to fetch
     */
    static void write(String name, String language, String template, Path folder, Path maven) {
        Map<String, String> files = files(name, language, template)
                .orElseThrow(() -> Refusal.impossible("there is no template " + template + " for " + language
                        + "; there are: java with function, http, cloudevent, spring, process; node with http"));
        List<String> there = Stream.concat(
                        files.keySet().stream(), files.containsKey("pom.xml") ? WRAPPER.stream() : Stream.of())
                .filter(path -> Files.exists(folder.resolve(path), LinkOption.NOFOLLOW_LINKS))
                .toList();
        if (!there.isEmpty()) {
            throw Refusal.impossible(folder + " has " + String.join(", ", there)
                    + " already, and nothing was written; name another folder, or move them away");
        }
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            if (files.containsKey("pom.xml")) {
                Files.createDirectories(folder.resolve(".mvn/wrapper"));
                for (String path : WRAPPER) {
                    Files.copy(maven.resolve(path), folder.resolve(path));
                }
                if (!folder.resolve("mvnw").toFile().setExecutable(true)) {
                    throw new IOException("mvnw cannot be made executable");
                }
            }
        } catch (IOException e) {
            throw Refusal.failed("the function cannot be written to " + folder + ": " + e);
        }
    }

    private static Optional<Map<String, String>> files(String name, String language, String template) {
        Map<String, String> files = new TreeMap<>();
        String own = "";
        switch (language + " " + template) {
            case "java function" -> files.put(JAVA, PLAIN);
            case "java http" -> files.put(JAVA, HTTP);
            case "java cloudevent" -> files.put(JAVA, EVENT);
            case "java process" -> {
                files.put("src/function/Main.java", PROCESS);
                own = "weft:\n  main: function.Main\n";
            }
            case "java spring" -> {
                files.put("src/main/java/function/Functions.java", SPRING);
                files.put("pom.xml", SPRING_POM.formatted(name));
                own = "weft:\n  class: function.Functions\n";
            }
            case "node function", "node http" -> files.put("index.js", NODE);
            default -> {
                return Optional.empty();
            }
        }
        String invoke = template.equals("cloudevent") ? "invoke: cloudevent\n" : "";
        files.put(
                FuncYaml.FILE,
                "specVersion: 0.36.0\nname: %s\nruntime: %s\n%s%s".formatted(name, language, invoke, own));
        files.put(".gitignore", ".func/\ntarget/\nnode_modules/\n");
        return Optional.of(files);
    }
}
