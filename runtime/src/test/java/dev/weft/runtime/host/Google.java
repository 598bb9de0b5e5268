package dev.weft.runtime.host;

import com.google.cloud.functions.BackgroundFunction;
import com.google.cloud.functions.CloudEventsFunction;
import com.google.cloud.functions.Context;
import com.google.cloud.functions.HttpFunction;
import com.google.cloud.functions.HttpRequest;
import com.google.cloud.functions.HttpResponse;
import com.google.cloud.functions.RawBackgroundFunction;
import com.google.cloud.functions.TypedFunction;
import io.cloudevents.CloudEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Functions of the Functions Framework that tell what they were given, or fail when it has "fail" in it. */
public final class Google {

    private Google() {}

    public static final class Http implements HttpFunction {
        @Override
        public void service(HttpRequest request, HttpResponse response) throws IOException {
            String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (body.contains("fail")) {
                throw new IllegalStateException("as asked");
            }
            if (body.contains("odd")) {
                response.setStatusCode(418);
                response.appendHeader("X-Many", "1");
                response.appendHeader("X-Many", "2");
            }
            response.setContentType("text/plain; charset=utf-8");
            response.getWriter()
                    .write(request.getMethod() + " " + request.getPath() + " " + request.getQuery() + " "
                            + new TreeMap<>(request.getQueryParameters()) + " " + request.getContentType() + " "
                            + request.getContentLength() + " " + request.getFirstHeader("x-own") + " " + body);
        }
    }

    /** What {@link Typed} takes. */
    @SuppressWarnings("UnusedVariable") // written as JSON
    public static class Order {
        private String item = "none";
        private int count = 1;
        private List<Integer> numbers = List.of();
        private Map<String, Object> more = Map.of();
    }

    /** What it gives. */
    @SuppressWarnings("UnusedVariable") // written as JSON
    public static class Receipt {
        private final String text;
        private final Order order;
        private final double share = 1.0 / 3;
        private final @Nullable String nothing = null;

        Receipt(Order order) {
            this.order = order;
            this.text = order.item + " <" + order.count + "> 'x' " + order.numbers.size();
        }
    }

    public static final class Typed implements TypedFunction<Order, Receipt> {
        @Override
        public @Nullable Receipt apply(Order order) {
            if (order.item.contains("fail")) {
                throw new IllegalStateException("as asked");
            }
            return order.count == 0 ? null : new Receipt(order);
        }
    }

    private static void judge(String text) {
        if (text.contains("fail")) {
            throw new IllegalStateException("as asked");
        }
    }

    public static final class Events implements CloudEventsFunction {
        @Override
        public void accept(CloudEvent event) {
            judge(event.getType() + event.getSubject() + event.getExtension("own"));
            judge(event.getData() == null ? "" : new String(event.getData().toBytes(), StandardCharsets.UTF_8));
        }
    }

    public static final class Raw implements RawBackgroundFunction {
        @Override
        public void accept(String json, Context context) {
            judge(json + context.eventType() + context.eventId());
        }
    }

    public static final class Background implements BackgroundFunction<Order> {
        @Override
        public void accept(Order order, Context context) {
            judge(order.item + context.eventType());
        }
    }
}
