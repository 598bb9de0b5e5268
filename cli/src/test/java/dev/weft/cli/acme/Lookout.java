package dev.weft.cli.acme;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** How an authority looks whether a name leads to whoever asks: at an edge on this machine, whatever the name. */
record Lookout(int httpPort, int httpsPort) {

    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";

    /** RFC 8555 section 8.3; returns what is wrong, or nothing. */
    String request(String name, String token, String expected) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
            socket.setSoTimeout(10_000);
            String head = "GET /.well-known/acme-challenge/" + token + " HTTP/1.1\r\nHost: " + name
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean right = answer.startsWith("HTTP/1.1 200") && answer.endsWith("\r\n\r\n" + expected);
            return right ? "" : "Invalid response from http://" + name + "/.well-known/acme-challenge/" + token;
        } catch (IOException e) {
            return "Connection refused: " + e.getMessage();
        }
    }

    /** RFC 8737 section 3; returns what is wrong, or nothing. */
    String handshake(String name, String expected) {
        try (SSLSocket socket = shake(name, "acme-tls/1")) {
            X509Certificate shown = leaf(socket);
            if (!"acme-tls/1".equals(socket.getApplicationProtocol())) {
                return "acme-tls/1 was not agreed on";
            }
            shown.verify(shown.getPublicKey());
            boolean named = List.copyOf(shown.getSubjectAlternativeNames()).equals(List.of(List.of(2, name)));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(expected.getBytes(StandardCharsets.US_ASCII));
            byte[] extension = shown.getExtensionValue(ACME_IDENTIFIER);
            boolean proven = shown.getCriticalExtensionOIDs().contains(ACME_IDENTIFIER)
                    && extension.length == 36
                    && Arrays.equals(Arrays.copyOfRange(extension, 4, 36), digest);
            boolean silent = socket.getInputStream().read() < 0;
            return named && proven && silent ? "" : "Incorrect validation certificate for " + name;
        } catch (IOException | GeneralSecurityException e) {
            return "Handshake failed: " + e;
        }
    }

    /** The certificate that the edge shows to everybody. */
    X509Certificate shown(String name) throws IOException {
        try (SSLSocket socket = shake(name, "http/1.1")) {
            return leaf(socket);
        }
    }

    private static X509Certificate leaf(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /** Looks at certificates itself, as authorities do. */
    SSLSocket shake(String name, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) lookingItself().getSocketFactory().createSocket("127.0.0.1", httpsPort);
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext lookingItself() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Anybody() implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
