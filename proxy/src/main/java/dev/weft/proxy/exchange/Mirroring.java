package dev.weft.proxy.exchange;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Received;
import dev.weft.proxy.route.Route;
import dev.weft.proxy.route.Routing;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends copies of requests where a route asks for it (Emissary's {@code shadow}). A copy sets out when the original is
 * over, so it can neither delay nor fail it; its answer is dropped, it is not counted, and it is never tried again. At most
 * {@value #UNDER_WAY_MAX} are under way on a loop: what would be more is left out, as is a request whose body was larger
 * than what an exchange keeps. Owner: one loop.
 */
final class Mirroring {

    static final int UNDER_WAY_MAX = 100;

    private final Worker worker;
    private int underWay;

    Mirroring(Worker worker) {
        this.worker = worker;
    }

    /** Of a request that is over, whose bytes are still there. */
    static void copy(Exchange original) {
        Optional<Routing.Forward> forward = original.routed();
        if (forward.isEmpty() || original.client().silent()) {
            return;
        }
        Optional<Route.Mirrored> mirror = forward.get().route().mirror();
        boolean whole = original.body().isKept() && original.body().complete();
        if (mirror.isPresent() && whole && !original.sending().attempts().isEmpty()) {
            original.worker().mirroring().copy(original, mirror.get());
        }
    }

    private void copy(Exchange original, Route.Mirrored mirror) {
        if (underWay >= UNDER_WAY_MAX || worker.random().nextInt(100) >= mirror.percent()) {
            return;
        }
        underWay++;
        byte[] bytes = original.body().withHead(head(original));
        Copy copy = new Copy(original.client().caller());
        Exchange exchange = worker.obtain(copy);
        copy.exchange = Optional.of(exchange);
        exchange.incoming().append(bytes, 0, bytes.length);
        if (exchange.incoming().parse() > 0) {
            exchange.incoming().proceedCopy(mirror.forward());
        } else {
            underWay--;
            exchange.abandon();
        }
    }

    /** As the endpoint got it, but for a host that says that it is a copy, and a body in one piece. */
    private static byte[] head(Exchange original) {
        RequestHead head = original.head();
        HeadWriter edits = original.toServer();
        if (!original.body().isFramed()) {
            Fields fields = head.fields();
            fields.drop(HeaderName.CONTENT_LENGTH);
            fields.drop(HeaderName.TRANSFER_ENCODING);
            edits.add(
                    HeaderName.CONTENT_LENGTH, Integer.toString(original.body().keptBytes()));
        }
        String host = original.sending().edits().host().orElse(original.view().authority());
        int colon = host.indexOf(':', host.lastIndexOf(']') + 1);
        if (!host.isEmpty()) {
            edits.host(colon < 0 ? host + "-shadow" : host.substring(0, colon) + "-shadow" + host.substring(colon));
        }
        byte[] out = new byte[edits.lengthMax(head)];
        return Arrays.copyOf(out, edits.write(head, out, 0));
    }

    /** In place of a client: waits for nothing and listens to nothing. */
    private final class Copy implements Client {

        private final Caller caller;
        private Optional<Exchange> exchange = Optional.empty();
        private long deadline;

        Copy(Caller caller) {
            this.caller = caller;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public boolean silent() {
            return true;
        }

        @Override
        public boolean multiplexed() {
            return false;
        }

        @Override
        public boolean isLeaving() {
            return false;
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void deadline(long nanos) {
            deadline = nanos;
            if (nanos != 0) {
                Duration left = Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
                worker.loop().later(left, () -> {
                    if (deadline == nanos) {
                        exchange.ifPresent(each -> each.sending().timedOut());
                    }
                });
            }
        }

        @Override
        public void exchangeEnded(boolean again) {
            over();
        }

        @Override
        public void cutOff(ErrorType code) {
            over();
        }

        private void over() {
            deadline = 0;
            exchange = Optional.empty();
            underWay--;
        }

        @Override
        public void updateReading() {}

        @Override
        public void interim(byte[] bytes, int from, int to) {}

        @Override
        public void head(byte[] bytes, int from, int to, boolean last) {}

        @Override
        public void write(byte[] bytes, int from, int to, boolean last) {}

        @Override
        public void write(Received bytes, int from, int to, boolean last) {}

        @Override
        public void trailers(byte[] lines, int from, int to) {}

        @Override
        public void end() {}
    }
}
