package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;

/** One of several byte streams in a connection, in both directions. */
public interface Channel {

    /** What the client sends; blocks. */
    InputStream input();

    /** Sends to the client; from any thread, blocks while it does not read. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Says that nothing more will be sent. */
    void finish() throws IOException;
}
