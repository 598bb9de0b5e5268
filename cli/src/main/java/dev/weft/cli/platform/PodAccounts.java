package dev.weft.cli.platform;

import dev.weft.apiserver.AccountCredentials;
import dev.weft.runtime.volume.AccountTokens;
import java.time.Duration;
import java.util.Optional;

/** Introduces the API's tokens to the pods whose programs use them. */
record PodAccounts(AccountCredentials credentials) implements AccountTokens {

    @Override
    public Optional<String> token(String namespace, String account, Duration validity) {
        return credentials.token(namespace, account, validity);
    }

    @Override
    public String authority() {
        return credentials.authority();
    }
}
