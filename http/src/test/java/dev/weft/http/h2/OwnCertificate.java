package dev.weft.http.h2;

import dev.weft.http.transport.EdgeCertificate;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A certificate made by the JDK's keytool for one run of the tests. */
public final class OwnCertificate {

    public static final String PASSWORD = "for-a-test";

    private OwnCertificate() {}

    static EdgeCertificate forLocalhost() throws Exception {
        KeyStore keys = keys();
        byte[] certificate = keys.getCertificate("own").getEncoded();
        byte[] key = keys.getKey("own", PASSWORD.toCharArray()).getEncoded();
        return new EdgeCertificate("*", pem("CERTIFICATE", certificate), pem("PRIVATE KEY", key));
    }

    /** The certificate and its key under the alias {@code own}. */
    public static KeyStore keys() throws Exception {
        Path folder = Files.createTempDirectory("weft-certificate");
        Path store = folder.resolve("store.p12");
        try {
            keytool(store);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            return keys;
        } finally {
            Files.deleteIfExists(store);
            Files.deleteIfExists(folder);
        }
    }

    private static void keytool(Path store) throws Exception {
        @Nullable String home = System.getProperty("java.home");
        Process process = new ProcessBuilder(
                        home + "/bin/keytool",
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + output);
        }
    }

    /** In the form of files. */
    public static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
