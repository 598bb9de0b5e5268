package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One {@code kubectl exec}: the channels of a client and the streams of a command, tied together. */
public final class CommandSession {

    /** What the client asks for. */
    public record Wish(
            String namespace,
            String pod,
            String container,
            List<String> command,
            boolean input,
            boolean output,
            boolean errors,
            boolean terminal) {

        public Wish {
            command = List.copyOf(command);
        }

        /** The types of the streams that a SPDY client opens. */
        private int streams() {
            boolean apart = errors && !terminal;
            return 1 + (input ? 1 : 0) + (output ? 1 : 0) + (apart ? 1 : 0) + (terminal ? 1 : 0);
        }
    }

    private static final List<String> TYPES = List.of("stdin", "stdout", "stderr", "error", "resize");

    /** A program's child may hold its output open for longer than it lives. */
    private static final long LAST_OUTPUT_SECONDS = 2;

    private final PodAccess pods;
    private final Wish wish;
    private volatile Optional<PodAccess.Running> running = Optional.empty();
    private final AtomicBoolean ended = new AtomicBoolean();

    public CommandSession(PodAccess pods, Wish wish) {
        this.pods = pods;
        this.wish = wish;
    }

    /** The client has gone: so does the command. From any thread. */
    public void end() {
        ended.set(true);
        running.ifPresent(PodAccess.Running::close);
    }

    public void serve(WebSocketChannels socket) throws IOException {
        Map<String, Channel> channels = new ConcurrentHashMap<>();
        for (int i = 0; i < TYPES.size(); i++) {
            channels.put(TYPES.get(i), socket.channel(i));
        }
        try (Heartbeat _ = new Heartbeat(socket::ping)) {
            thread("exec", () -> {
                run(channels);
                socket.close();
            });
            socket.read();
        }
    }

    public void serve(Spdy spdy) throws IOException {
        Map<String, Channel> channels = new ConcurrentHashMap<>();
        AtomicBoolean begun = new AtomicBoolean();
        try (Heartbeat _ = new Heartbeat(spdy::ping)) {
            spdy.read(stream -> {
                channels.put(stream.header("streamtype"), stream);
                if (channels.size() == wish.streams() && !begun.getAndSet(true)) {
                    thread("exec", () -> run(channels));
                }
            });
        }
    }

    private void run(Map<String, Channel> channels) throws IOException {
        Channel error = channels.get("error");
        if (error == null) {
            return;
        }
        byte[] status = outcome(channels).getBytes(StandardCharsets.UTF_8);
        error.write(status, 0, status.length);
        for (Channel channel : channels.values()) {
            channel.finish();
        }
    }

    private String outcome(Map<String, Channel> channels) {
        try (PodAccess.Running command =
                pods.execute(wish.namespace(), wish.pod(), wish.container(), wish.command(), wish.terminal())) {
            running = Optional.of(command);
            if (ended.get()) {
                end();
            }
            int code = tie(command, channels);
            return code == 0
                    ? status("Success", "", -1)
                    : status("Failure", "command terminated with non-zero exit code: exit status " + code, code);
        } catch (IOException e) {
            return status("Failure", String.valueOf(e.getMessage()), -1);
        }
    }

    private int tie(PodAccess.Running command, Map<String, Channel> channels) throws IOException {
        if (wish.input()) {
            Channel input = channel(channels, "stdin");
            thread("exec-in", () -> {
                try (OutputStream out = command.input()) {
                    copy(input.input(), out);
                }
            });
        } else {
            thread("exec-in", () -> command.input().close());
        }
        CompletableFuture<Void> output = send(command.output(), wish.output() ? channels.get("stdout") : null);
        CompletableFuture<Void> errors =
                send(command.errors(), wish.errors() && !wish.terminal() ? channels.get("stderr") : null);
        if (wish.terminal()) {
            thread("exec-size", () -> sizes(channel(channels, "resize").input(), command));
        }
        int code = command.exit().join();
        CompletableFuture.allOf(output, errors)
                .completeOnTimeout(null, LAST_OUTPUT_SECONDS, TimeUnit.SECONDS)
                .join();
        return code;
    }

    private static Channel channel(Map<String, Channel> channels, String type) throws IOException {
        Channel channel = channels.get(type);
        if (channel == null) {
            throw new IOException("the client has opened no stream " + type);
        }
        return channel;
    }

    /** What the command prints has to be read, also when nobody wants it. */
    private static CompletableFuture<Void> send(InputStream from, @Nullable Channel to) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread("exec-out", () -> {
            byte[] part = new byte[16 << 10];
            try (from) {
                for (int count = from.read(part); count >= 0; count = from.read(part)) {
                    if (to != null) {
                        to.write(part, 0, count);
                    }
                }
            } finally {
                done.complete(null);
            }
        });
        return done;
    }

    /** Sizes come as JSON objects, one after the other. */
    private static void sizes(InputStream in, PodAccess.Running command) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next >= 0 && text.length() < 1000; next = in.read()) {
            text.append((char) next);
            if (next == '}') {
                try {
                    JsonNode size = JsonMapper.shared().readTree(text.toString());
                    command.resize(
                            size.path("Width").asInt(80), size.path("Height").asInt(24));
                } catch (JacksonException e) {
                    return; // what cannot be read changes nothing
                }
                text.setLength(0);
            }
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] part = new byte[16 << 10];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            out.write(part, 0, count);
            out.flush();
        }
    }

    private static String status(String status, String message, int code) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.putObject("metadata");
        json.put("status", status);
        if (!message.isEmpty()) {
            json.put("message", message);
        }
        if (code > 0) {
            json.put("reason", "NonZeroExitCode");
            json.putObject("details")
                    .putArray("causes")
                    .addObject()
                    .put("reason", "ExitCode")
                    .put("message", Integer.toString(code));
        } else if (status.equals("Failure")) {
            json.put("reason", "InternalError").put("code", 500);
        }
        return json.toString();
    }

    static void thread(String name, Task task) {
        Thread.ofPlatform().daemon(true).name(name).stackSize(256 << 10).start(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // one side has gone, which the other is told by what follows
            }
        });
    }

    /** Something that ends when one of the sides goes. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }
}
