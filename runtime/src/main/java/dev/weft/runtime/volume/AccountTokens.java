package dev.weft.runtime.volume;

import java.time.Duration;
import java.util.Optional;

/** Joint to the API: what a pod's program needs to talk to it as its service account. */
public interface AccountTokens {

    /** No API to talk to. */
    AccountTokens NONE = new AccountTokens() {
        @Override
        public Optional<String> token(String namespace, String account, Duration validity) {
            return Optional.empty();
        }

        @Override
        public String authority() {
            return "";
        }
    };

    /** A token of this account for the API; empty when there is no such account. */
    Optional<String> token(String namespace, String account, Duration validity);

    /** The certificate by which the API is known, in PEM; empty when there is no API. */
    String authority();
}
