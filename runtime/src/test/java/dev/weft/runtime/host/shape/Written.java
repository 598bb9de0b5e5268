package dev.weft.runtime.host.shape;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.google.cloud.functions.HttpFunction;
import com.google.cloud.functions.HttpRequest;
import com.google.cloud.functions.HttpResponse;
import com.openfaas.model.IHandler;
import com.openfaas.model.IRequest;
import com.openfaas.model.IResponse;
import io.cloudevents.CloudEvent;
import io.quarkus.funqy.Funq;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;

/** Functions as their authors write them. */
public final class Written {

    private Written() {}

    public record Order(String item, int count, List<String> notes) {}

    @SuppressWarnings("ArrayRecordComponent") // bound, and never compared
    public record Picture(byte[] picture, BigDecimal views, Queue<String> waiting) {}

    public static final class Album implements Function<Picture, Integer> {
        @Override
        public Integer apply(Picture picture) {
            return 1;
        }
    }

    public record Receipt(String item, double total) {}

    public static final class Shop implements Function<Order, Receipt> {
        @Override
        public Receipt apply(Order order) {
            return new Receipt(order.item(), order.count() * 1.5);
        }
    }

    /** With properties, as beans have. */
    public static class Person {
        private String name = "";
        private int age;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getAge() {
            return age;
        }

        public void setAge(int age) {
            this.age = age;
        }
    }

    public static final class Older implements Function<Person, Person> {
        @Override
        public Person apply(Person person) {
            person.setAge(person.getAge() + 1);
            return person;
        }
    }

    public static final class Bytes implements Function<byte[], byte[]> {
        @Override
        public byte[] apply(byte[] body) {
            byte[] turned = new byte[body.length];
            for (int i = 0; i < body.length; i++) {
                turned[i] = body[body.length - 1 - i];
            }
            return turned;
        }
    }

    public static final class Sum implements Function<List<Integer>, Map<String, Integer>> {
        @Override
        public Map<String, Integer> apply(List<Integer> numbers) {
            return Map.of("sum", numbers.stream().mapToInt(Integer::intValue).sum());
        }
    }

    public static final class Keys implements Function<Map<String, Object>, List<String>> {
        @Override
        public List<String> apply(Map<String, Object> map) {
            return map.keySet().stream().sorted().toList();
        }
    }

    public static final class Constant implements Supplier<String> {
        @Override
        public String get() {
            return "always";
        }
    }

    public static final class Sink implements Consumer<String> {
        public static final AtomicReference<String> LAST = new AtomicReference<>("");

        @Override
        public void accept(String text) {
            LAST.set(text);
        }
    }

    public static final class Echo implements Function<CloudEvent, CloudEvent> {
        @Override
        public CloudEvent apply(CloudEvent event) {
            return event;
        }
    }

    public static final class Beans {
        @Bean
        public Function<String, String> upper() {
            return text -> text.toUpperCase(Locale.ROOT);
        }

        @Bean
        public Function<String, Integer> length() {
            return String::length;
        }

        @Bean
        public Supplier<List<Integer>> numbers() {
            return () -> List.of(1, 2, 3);
        }
    }

    public static final class Funqs {
        @Funq
        public String greet(Person person) {
            return "Hello " + person.getName() + ", " + person.getAge();
        }

        @Funq("twice")
        public int doubled(int number) {
            return 2 * number;
        }
    }

    public static final class Handler implements RequestHandler<Map<String, String>, String> {
        @Override
        public String handleRequest(Map<String, String> input, Context context) {
            context.getLogger().log("called as " + context.getAwsRequestId());
            return "Hello " + input.get("name");
        }
    }

    public static final class FaasHandler implements IHandler {
        @Override
        public IResponse Handle(IRequest request) {
            return new IResponse() {
                @Override
                public String getBody() {
                    return request.getBody() + "/" + request.getQuery().get("q");
                }

                @Override
                public Map<String, String> getHeaders() {
                    return Map.of("X-Own", "yes");
                }

                @Override
                public String getContentType() {
                    return "text/css";
                }

                @Override
                public int getStatusCode() {
                    return 201;
                }
            };
        }
    }

    /** Sends what it has in pieces. */
    public static final class Streams implements HttpFunction {
        @Override
        public void service(HttpRequest request, HttpResponse response) throws IOException {
            for (int piece = 0; piece < 3; piece++) {
                response.getOutputStream().write(("piece " + piece + "\n").getBytes(StandardCharsets.UTF_8));
                response.getOutputStream().flush();
            }
        }
    }
}
