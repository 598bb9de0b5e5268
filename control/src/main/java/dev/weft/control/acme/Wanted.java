package dev.weft.control.acme;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.emissary.AcmeProvider;
import dev.weft.resources.emissary.Host;
import java.net.URI;
import java.util.Optional;

/**
 * A certificate that an authority is asked for.
 *
 * @param host who asks; the oldest, where several are of one name
 * @param hostname the one name in it
 * @param account the Secret with the account's key
 * @param secret the Secret where it belongs
 * @param root the Secret with what the authority's own server is trusted by; empty for what the system trusts
 */
record Wanted(Key host, String hostname, URI authority, String email, Key account, Key secret, Optional<Key> root) {

    /** Empty for a Host that asks nobody. */
    static Optional<Wanted> of(Resource resource) {
        if (resource.at("/spec/acmeProvider").isMissingNode() || resource.deleting()) {
            return Optional.empty();
        }
        return Host.read(resource).value().filter(Host::asksAuthority).map(Wanted::of);
    }

    private static Wanted of(Host host) {
        String namespace = host.resource().namespace();
        AcmeProvider provider = host.acme().orElseThrow();
        Host.SecretReference secret = host.tlsSecret().orElseThrow();
        return new Wanted(
                host.resource().key(),
                host.hostname(),
                URI.create(provider.authority()),
                provider.email(),
                Kinds.SECRET.key(namespace, provider.privateKeySecret()),
                Kinds.SECRET.key(secret.namespace(), secret.name()),
                provider.authoritySecret().map(name -> Kinds.SECRET.key(namespace, name)));
    }

    /** Whether the other Host means the same certificate. */
    boolean sharedBy(Wanted other) {
        return secret.equals(other.secret) && hostname.equals(other.hostname);
    }
}
