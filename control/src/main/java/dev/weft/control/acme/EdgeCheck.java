package dev.weft.control.acme;

import dev.weft.control.identity.Keys;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.TlsPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Waits until this machine's edge gives a challenge's answer: an authority that asks too early counts it as a failure. */
final class EdgeCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private EdgeCheck() {}

    /** @throws OrderFailedException when it does not answer in time */
    static void await(EdgeListener listener, Challenge challenge) throws OrderFailedException, InterruptedException {
        if (!listener.announcers().isEmpty()) {
            return; // heard behind its load balancer alone
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        String why = "";
        while (System.nanoTime() - end < 0) {
            try {
                if (answers(listener, challenge)) {
                    return;
                }
                why = "another answer came";
            } catch (IOException | GeneralSecurityException e) {
                why = String.valueOf(e.getMessage());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new OrderFailedException(
                "the authority was not asked to look, as " + listener.name()
                        + " of this machine's edge does not answer " + challenge + " itself: " + why,
                BackOff.UNREACHED,
                Duration.ZERO);
    }

    private static boolean answers(EdgeListener listener, Challenge challenge)
            throws IOException, GeneralSecurityException {
        return switch (challenge) {
            case Challenge.Request request -> answers(listener, request);
            case Challenge.Handshake handshake -> answers(listener, handshake);
        };
    }

    private static Socket connect(EdgeListener listener) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(listener.address(), listener.port()), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static boolean answers(EdgeListener listener, Challenge.Request request) throws IOException {
        try (Socket socket = connect(listener)) {
            String head = "GET " + request.path() + " HTTP/1.1\r\nHost: " + request.hostname()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\n" + request.answer());
        }
    }

    /** Trusts the very certificate that was made for this, and no other. */
    private static boolean answers(EdgeListener listener, Challenge.Handshake handshake)
            throws IOException, GeneralSecurityException {
        X509Certificate expected = Keys.certificates(handshake.certificatePem()).getFirst();
        SSLContext context = SSLContext.getInstance("TLS");
        KeyStore only = KeyStore.getInstance("JKS");
        only.load(null, null);
        only.setCertificateEntry("challenge", expected);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(only);
        context.init(null, trust.getTrustManagers(), null);
        try (Socket plain = connect(listener);
                SSLSocket socket = (SSLSocket)
                        context.getSocketFactory().createSocket(plain, listener.address(), listener.port(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(handshake.hostname())));
            parameters.setApplicationProtocols(new String[] {TlsPolicy.ACME});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return TlsPolicy.ACME.equals(socket.getApplicationProtocol())
                    && expected.equals(socket.getSession().getPeerCertificates()[0]);
        }
    }
}
