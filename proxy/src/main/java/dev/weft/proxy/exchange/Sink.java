package dev.weft.proxy.exchange;

import dev.weft.http.transport.Received;

/** Takes the bytes of a body. */
interface Sink {

    void write(byte[] bytes, int from, int to);

    void write(Received bytes, int from, int to);
}
