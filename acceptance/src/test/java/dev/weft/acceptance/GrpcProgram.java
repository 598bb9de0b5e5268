package dev.weft.acceptance;

import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.util.concurrent.Executors;

/** A program for a pod: without arguments gRPC's own test server on {@code PORT}, with host and port its client. */
final class GrpcProgram {

    private GrpcProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0) {
            Server server = OkHttpServerBuilder.forPort(
                            Integer.parseInt(System.getenv("PORT")), InsecureServerCredentials.create())
                    .addService(new TestServiceImpl(Executors.newSingleThreadScheduledExecutor()))
                    .build()
                    .start();
            server.awaitTermination();
        }
        ManagedChannel channel = OkHttpChannelBuilder.forAddress(arguments[0], Integer.parseInt(arguments[1]))
                .usePlaintext()
                .build();
        Empty answer = TestServiceGrpc.newBlockingStub(channel).emptyCall(Empty.getDefaultInstance());
        System.out.println(answer.equals(Empty.getDefaultInstance()) ? "echoed" : "changed: " + answer);
        channel.shutdownNow();
    }
}
