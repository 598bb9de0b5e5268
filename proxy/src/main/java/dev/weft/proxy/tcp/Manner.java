package dev.weft.proxy.tcp;

import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.relay.Frames;

/** How the client of a stream is told that it stands, or why not. */
interface Manner {

    /** Bytes can flow from now on. */
    void accept(Connection client);

    /** They never will; closes the connection. */
    void refuse(Connection client, ErrorCode error, String detail);

    /** A program that opened a plain connection: nothing can be said, so a refusal is a broken connection. */
    Manner SILENT = new Manner() {
        @Override
        public void accept(Connection client) {}

        @Override
        public void refuse(Connection client, ErrorCode error, String detail) {
            client.reset();
        }
    };

    /** A proxy of the mesh. */
    Manner FRAMED = new Manner() {
        @Override
        public void accept(Connection client) {
            Frames.opened(client);
        }

        @Override
        public void refuse(Connection client, ErrorCode error, String detail) {
            Frames.refused(client, error, detail);
            client.closeAfterWrites();
        }
    };
}
