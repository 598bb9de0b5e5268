package dev.weft.apiserver;

import dev.weft.apiserver.access.AccountTokens;
import dev.weft.resources.Kinds;
import dev.weft.resources.ResourceStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** What programs need to talk to this API as their service accounts; there before the API itself is. */
public final class AccountCredentials {

    private final ResourceStore store;
    private final AccountTokens tokens;
    private final String authority;

    /** Reads what the data directory has, or makes what is missing; the API on it uses the same. */
    public AccountCredentials(Path dataDirectory, ResourceStore store, InstantSource clock) throws IOException {
        Path directory = dataDirectory.resolve("api");
        this.store = store;
        this.authority = new Certificates(directory, ApiOptions.LOOPBACK, clock.instant()).authorityPem();
        Token key = Token.in(directory.resolve("service-accounts.key"));
        this.tokens = new AccountTokens(store, clock, key.text().getBytes(StandardCharsets.UTF_8));
    }

    /** A token of an account; empty when there is no such account. */
    public Optional<String> token(String namespace, String account, Duration lasts) {
        return store.get(Kinds.SERVICE_ACCOUNT.key(namespace, account))
                .filter(found -> !found.deleting())
                .map(found -> tokens.issue(found, lasts));
    }

    /** The certificate of the authority that the API's own comes from, in PEM. */
    public String authority() {
        return authority;
    }
}
