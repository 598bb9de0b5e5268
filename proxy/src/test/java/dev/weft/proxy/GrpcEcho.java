package dev.weft.proxy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** gRPC's own library: a server that says every message back, and its clients. Messages are text. */
final class GrpcEcho implements Closeable {

    private static final String SERVICE = "weft.test.Echo";
    private static final MethodDescriptor<String, String> SAY = method("Say", MethodDescriptor.MethodType.UNARY);
    private static final MethodDescriptor<String, String> CHAT =
            method("Chat", MethodDescriptor.MethodType.BIDI_STREAMING);
    private static final long PATIENCE_SECONDS = 60;

    private final Server server;

    /** @param said counts the messages */
    GrpcEcho(AtomicInteger said) throws IOException {
        server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(SAY, (call, _) -> new Answering(call, said))
                        .addMethod(CHAT, (call, _) -> new Answering(call, said))
                        .build())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static MethodDescriptor<String, String> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.newBuilder(new Text(), new Text())
                .setFullMethodName(SERVICE + "/" + name)
                .setType(type)
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Answering extends ServerCall.Listener<String> {
        private final ServerCall<String, String> call;
        private final AtomicInteger said;

        Answering(ServerCall<String, String> call, AtomicInteger said) {
            this.call = call;
            this.said = said;
            call.sendHeaders(new Metadata());
            call.request(2); // a unary call's end is heard of only by who asks for more
        }

        @Override
        public void onMessage(String message) {
            said.incrementAndGet();
            call.sendMessage(message);
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            call.close(Status.OK, new Metadata());
        }
    }

    /** Hears what comes on a call: its messages, then its status. */
    private static final class Hearing extends ClientCall.Listener<String> {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void onMessage(String message) {
            heard.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            heard.add(status.toString());
        }

        private void expect(String wanted) throws IOException, InterruptedException {
            String next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!wanted.equals(next)) {
                throw new IOException(next + " (expected: " + wanted + ")");
            }
        }
    }

    private static ManagedChannel channel(String address, int port, String host) {
        return OkHttpChannelBuilder.forAddress(address, port)
                .usePlaintext()
                .overrideAuthority(host)
                .build();
    }

    /** Each a call of its own, on one connection. */
    static Load.Caller calls(String address, int port, String host) {
        ManagedChannel channel = channel(address, port, host);
        return new Load.Caller() {
            @Override
            public void call(int number) throws IOException, InterruptedException {
                Hearing hearing = new Hearing();
                ClientCall<String, String> call =
                        channel.newCall(SAY, CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS));
                call.start(hearing, new Metadata());
                call.request(2);
                call.sendMessage("say " + number);
                call.halfClose();
                hearing.expect("say " + number);
                hearing.expect(Status.OK.toString());
            }

            @Override
            public void close() {
                channel.shutdownNow();
            }
        };
    }

    /** All of them messages of one call. */
    static Load.Caller chat(String address, int port, String host) {
        ManagedChannel channel = channel(address, port, host);
        ClientCall<String, String> call = channel.newCall(CHAT, CallOptions.DEFAULT);
        Hearing hearing = new Hearing();
        call.start(hearing, new Metadata());
        call.request(Integer.MAX_VALUE);
        return new Load.Caller() {
            @Override
            public void call(int number) throws IOException, InterruptedException {
                call.sendMessage("chat " + number);
                hearing.expect("chat " + number);
            }

            @Override
            public void close() throws IOException {
                call.halfClose();
                try {
                    hearing.expect(Status.OK.toString());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                } finally {
                    channel.shutdownNow();
                }
            }
        };
    }
}
