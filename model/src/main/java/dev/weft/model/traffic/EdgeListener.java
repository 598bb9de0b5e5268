package dev.weft.model.traffic;

import dev.weft.model.policy.AddressRange;
import dev.weft.model.problem.ResourceReference;
import java.util.List;

/**
 * A port of the edge gateway.
 *
 * @param name for tables, for example {@code https-8443}
 * @param address to bind, loopback unless told otherwise
 * @param port to bind, 1 to 65535
 * @param tls true when it speaks TLS only, with the certificates below chosen by server name
 * @param certificates first match wins; a server name that none matches is refused at the handshake
 * @param streams connections that are passed on as bytes; server names first, of which none is there twice
 * @param trustedHops proxies in front of it whose word on the client is believed: {@code X-Forwarded-For} is read so many
 *     places from the right, and {@code X-Forwarded-Proto} as it came; 0 when clients connect themselves
 * @param requests whether connections that no stream takes carry HTTP; else they are refused
 * @param streamsMax requests at a time of one client's connection in HTTP/2; 0 for what holds at the whole edge
 * @param announcers who connects here for others and says for whom before anything else (HAProxy's PROXY protocol); nobody
 *     else is heard; empty where clients connect themselves
 */
public record EdgeListener(
        String name,
        ResourceReference source,
        String address,
        int port,
        boolean tls,
        List<ServerCertificate> certificates,
        List<EdgeStream> streams,
        boolean requests,
        int trustedHops,
        int streamsMax,
        List<AddressRange> announcers) {

    /** With what holds at the whole edge. */
    public EdgeListener(
            String name,
            ResourceReference source,
            String address,
            int port,
            boolean tls,
            List<ServerCertificate> certificates,
            List<EdgeStream> streams,
            boolean requests,
            int trustedHops) {
        this(name, source, address, port, tls, certificates, streams, requests, trustedHops, 0, List.of());
    }

    /** With nobody in front of it. */
    public EdgeListener(
            String name,
            ResourceReference source,
            String address,
            int port,
            boolean tls,
            List<ServerCertificate> certificates,
            List<EdgeStream> streams,
            boolean requests) {
        this(name, source, address, port, tls, certificates, streams, requests, 0);
    }

    /** For requests alone. */
    public EdgeListener(
            String name,
            ResourceReference source,
            String address,
            int port,
            boolean tls,
            List<ServerCertificate> certificates) {
        this(name, source, address, port, tls, certificates, List.of(), true);
    }

    public EdgeListener {
        certificates = List.copyOf(certificates);
        streams = List.copyOf(streams);
        announcers = List.copyOf(announcers);
    }

    /** The same with other certificates. */
    public EdgeListener with(List<ServerCertificate> others) {
        return new EdgeListener(
                name, source, address, port, tls, others, streams, requests, trustedHops, streamsMax, announcers);
    }

    /** The same at another port. */
    public EdgeListener at(int otherPort) {
        return new EdgeListener(
                name,
                source,
                address,
                otherPort,
                tls,
                certificates,
                streams,
                requests,
                trustedHops,
                streamsMax,
                announcers);
    }
}
