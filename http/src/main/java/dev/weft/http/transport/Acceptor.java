package dev.weft.http.transport;

/** Gives every accepted connection its handler. */
public interface Acceptor {

    /** Called on the connection's loop, before the handshake if there is one. */
    ConnectionHandler accepted(Loop loop);
}
