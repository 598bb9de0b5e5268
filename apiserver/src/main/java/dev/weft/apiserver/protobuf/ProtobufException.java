package dev.weft.apiserver.protobuf;

/** Bytes that are no protobuf, or hold something that is not read here. The message is for people. */
public final class ProtobufException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProtobufException(String message) {
        super(message);
    }
}
