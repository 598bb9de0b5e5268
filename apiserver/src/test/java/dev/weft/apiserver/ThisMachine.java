package dev.weft.apiserver;

import dev.weft.apiserver.stream.PodAccess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Pods whose commands run in the test's own machine, and whose ports are its own. */
final class ThisMachine implements PodAccess {

    private record Command(Process process) implements Running {

        @Override
        public OutputStream input() {
            return process.getOutputStream();
        }

        @Override
        public InputStream output() {
            return process.getInputStream();
        }

        @Override
        public InputStream errors() {
            return process.getErrorStream();
        }

        @Override
        public void resize(int columns, int rows) {
            // there is no terminal
        }

        @Override
        public CompletableFuture<Integer> exit() {
            return process.onExit().thenApply(Process::exitValue);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Override
    public Running execute(String namespace, String pod, String container, List<String> command, boolean terminal)
            throws IOException {
        return new Command(new ProcessBuilder(command).start());
    }

    @Override
    public Socket connect(String namespace, String pod, int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }
}
