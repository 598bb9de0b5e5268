package dev.weft.proxy.tcp;

import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.message.OwnAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What the client asked for with CONNECT (RFC 9110 section 9.3.6). Where the port is declared opaque, the answer tells whether
 * an endpoint was reached; else the client is told to go on, because what it says decides which endpoint that is.
 */
public final class Tunnel {

    private static final ProtocolVerdict VERDICT =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.ASKED);

    /** A client that waits for the answer to its request. */
    private record Answered(Worker worker, String requestId) implements Manner {

        @Override
        public void accept(Connection client) {
            byte[] established = ("HTTP/1.1 200 Connection established\r\ndate: " + worker.date() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            client.write(established, 0, established.length);
        }

        @Override
        public void refuse(Connection client, ErrorCode error, String detail) {
            OwnAnswer answer = OwnAnswer.error(
                    error, error.status(), detail, 0, List.of(), worker.date(), requestId, true, "close");
            client.write(answer.head(), 0, answer.head().length);
            client.write(answer.content(), 0, answer.content().length);
            client.closeAfterWrites();
        }
    }

    private Tunnel() {}

    /**
     * Takes the client's connection over.
     *
     * @param entrance with the port as its outlet
     * @param rest what the client said after its request
     * @param id of the request
     */
    public static void open(
            Worker worker, Entrance entrance, Connection client, byte[] rest, ServicePort to, String id) {
        Manner manner = new Answered(worker, id);
        EndpointGroup group = worker.view().snapshot().groups().get(to);
        if (group == null || group.protocol().kind() != DeclaredProtocol.Kind.OPAQUE) {
            manner.accept(client);
            Detecting inside = new Detecting(worker, entrance, to, new Learned());
            client.handler(inside);
            client.reading(true);
            inside.opened(client);
            client.replay(rest, rest.length);
            return;
        }
        worker.outcomes().protocolFound(entrance.hop(), entrance.reporter(), Optional.of(to), VERDICT);
        new Stream(worker, entrance, client, manner, Optional.empty(), Ways.to(worker, to), Optional.of(to))
                .introduced(Introduction.begin(worker, id))
                .proceed(VERDICT, "", rest, rest.length, false);
    }
}
