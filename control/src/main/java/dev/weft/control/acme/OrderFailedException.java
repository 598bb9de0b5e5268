package dev.weft.control.acme;

import java.time.Duration;

/** No certificate came of an order. The message is for people, and names no token. */
final class OrderFailedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Duration first;
    private final transient Duration told;

    /**
     * @param first how long to wait before the next, the first time
     * @param told what the authority asked for; zero for nothing
     */
    OrderFailedException(String reason, Duration first, Duration told) {
        super(reason);
        this.first = first;
        this.told = told;
    }

    OrderFailedException(String reason) {
        this(reason, BackOff.REFUSED, Duration.ZERO);
    }

    Duration first() {
        return first;
    }

    Duration told() {
        return told;
    }
}
