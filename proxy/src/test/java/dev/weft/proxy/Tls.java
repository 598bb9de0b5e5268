package dev.weft.proxy;

import dev.weft.model.workload.WorkloadCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS by the JDK, as somebody speaks it who believes every peer and shows what he likes. */
final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private Tls() {}

    /** Shows this certificate, or none. */
    static SSLContext context(Optional<WorkloadCertificate> shown) {
        return context(shown, () -> {});
    }

    /** The same; {@code asked} is run when the peer, having said who it is, asks. */
    static SSLContext context(Optional<WorkloadCertificate> shown, Runnable asked) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys =
                    shown.map(each -> new Showing(each, asked)).stream().toArray(KeyManager[]::new);
            context.init(keys, new TrustManager[] {new Believing()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Connects and shakes hands; {@code protocol} is offered by ALPN unless it is empty. */
    static SSLSocket connect(SSLContext context, String address, int port, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address, port);
        socket.setSoTimeout(Client.PATIENCE_MILLIS);
        if (!protocol.isEmpty()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket;
    }

    /** Shakes hands with whoever connected, as far as he goes along. */
    static void answer(SSLContext context, Socket accepted) {
        try {
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(accepted, "", accepted.getPort(), false);
            socket.setUseClientMode(false);
            socket.startHandshake();
        } catch (IOException e) {
            LOG.debug("the peer of {} has turned away", accepted, e);
        }
    }

    /** Whether it goes on with a session that was asked for this before. */
    static boolean resumed(SSLSocket socket) {
        SSLSession session = socket.getSession();
        boolean known = session.getValue("known") != null;
        session.putValue("known", "yes");
        return known;
    }

    /** Shows it whatever the peer asks for. */
    private static final class Showing extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";
        private final WorkloadCertificate shown;
        private final Runnable asked;

        Showing(WorkloadCertificate shown, Runnable asked) {
            this.shown = shown;
            this.asked = asked;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            asked.run();
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return shown.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return shown.privateKey();
        }
    }

    private static final class Believing extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
