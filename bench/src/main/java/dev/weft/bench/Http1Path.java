package dev.weft.bench;

import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.Limits;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.h1.ResponseHead;
import dev.weft.proxy.message.RequestIds;
import dev.weft.proxy.message.RequestView;
import dev.weft.proxy.route.RouteTable;
import dev.weft.proxy.route.Routing;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What an HTTP/1.1 request passes without a socket: its head is parsed, one of 1,000 routes is found, the head is written
 * with what the edge adds; the answer's head is parsed and written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Http1Path {

    private static final HeaderName REQUEST_ID = HeaderName.of("x-request-id");
    private static final byte[] FORWARDED = HeadWriter.line("x-forwarded-for", "127.0.0.1");

    private final RouteTable routes = RouteTable.empty().next(Routes.snapshot(80, 8080), 1, new SplittableRandom(1));
    private final RequestIds ids = new RequestIds(new SplittableRandom(2));
    private final RequestHead request = new RequestHead(Limits.DEFAULT);
    private final ResponseHead answer = new ResponseHead(Limits.DEFAULT);
    private final RequestView view = new RequestView(request);
    private final HeadWriter writer = new HeadWriter();
    private final byte[] out = new byte[4096];

    /** Both heads. */
    @Benchmark
    public int both() {
        request.reset(0);
        int parsed = request.parse(Routes.REQUEST, Routes.REQUEST.length);
        if (parsed <= 0 || !(routes.routeEdge(view, 0) instanceof Routing.Forward forward)) {
            throw new IllegalStateException("not routed");
        }
        writer.reset();
        writer.add(FORWARDED);
        writer.add(REQUEST_ID, ids.next());
        int length = writer.write(request, out, 0) + forward.delegates().size();
        answer.reset(0);
        if (answer.parse(Routes.ANSWER, Routes.ANSWER.length) <= 0) {
            throw new IllegalStateException("no answer");
        }
        writer.reset();
        return length + writer.write(answer, out, 0);
    }
}
