package dev.weft.cli.snapshot;

import dev.weft.control.identity.Revocations;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /weft/v1/certificates}: who is trusted, who signs and what is revoked, for other processes to follow. {@code
 * POST}: has a key signed that another process made, for one of the identities that may be asked for. Private keys never travel.
 */
public final class CertificateHandler extends Handler.Abstract {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final int REQUEST_BYTES_MAX = 64 * 1024;

    private final Signer signer;
    private final Certificates certificates;
    private final Set<WorkloadIdentity> identities;
    private final Supplier<Optional<X509Certificate>> issuer;

    /**
     * Signs for these identities only.
     *
     * @param certificates for the trust anchors
     * @param issuer who signs now, empty when that never changes
     */
    public CertificateHandler(
            Signer signer,
            Certificates certificates,
            Set<WorkloadIdentity> identities,
            Supplier<Optional<X509Certificate>> issuer) {
        this.signer = signer;
        this.certificates = certificates;
        this.identities = Set.copyOf(identities);
        this.issuer = issuer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (HttpMethod.GET.is(request.getMethod())) {
            Vouching vouching = new Vouching(
                    Pem.write(certificates.anchors()),
                    issuer.get().map(signs -> Pem.write(List.of(signs))).orElse(""),
                    Revocations.text(certificates.revocations()));
            answer(HttpStatus.OK_200, MAPPER.writeValueAsString(vouching), response, callback);
            return true;
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, POST");
            refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "Only GET and POST are answered here.", response, callback);
            return true;
        }
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(REQUEST_BYTES_MAX + 1); // a chunked body says nothing of its length before
        }
        if (body.length > REQUEST_BYTES_MAX) {
            refuse(HttpStatus.PAYLOAD_TOO_LARGE_413, "The request is larger than 64 KiB.", response, callback);
            return true;
        }
        try {
            SignedCertificate signed = sign(new String(body, StandardCharsets.UTF_8));
            answer(HttpStatus.OK_200, MAPPER.writeValueAsString(signed), response, callback);
        } catch (IllegalArgumentException | JacksonException e) {
            refuse(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()), response, callback);
        }
        return true;
    }

    private SignedCertificate sign(String body) {
        JsonNode asked = MAPPER.readTree(body).path("request");
        if (!asked.isString()) {
            throw new IllegalArgumentException(
                    "\"request\" is missing: a PKCS#10 certificate request in PEM, as {\"request\": \"-----BEGIN …\"}");
        }
        SigningRequest request = new SigningRequest(asked.asString());
        WorkloadIdentity identity = WorkloadIdentity.parse(request.identity())
                .filter(identities::contains)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + request.identity() + "\" may not be asked for here (only: " + identities + ")"));
        return new SignedCertificate(
                Pem.write(signer.sign(identity, request.der())), Pem.write(certificates.anchors()));
    }

    private static void refuse(int status, String message, Response response, Callback callback) {
        answer(status, MAPPER.writeValueAsString(Map.of("status", status, "message", message)), response, callback);
    }

    private static void answer(int status, String json, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, json, callback);
    }
}
