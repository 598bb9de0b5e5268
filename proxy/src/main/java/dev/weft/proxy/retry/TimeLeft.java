package dev.weft.proxy.retry;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How long a caller still waits, as headers say it. */
public final class TimeLeft {

    private static final int DIGITS_MAX = 8;
    private static final long GRPC_LIMIT = 100_000_000;

    private TimeLeft() {}

    /** Nanoseconds from a number of milliseconds of at most eight digits; empty when it is something else. */
    public static OptionalLong ofMillis(String value) {
        OptionalLong millis = number(value, value.length());
        return millis.isEmpty() ? millis : OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(millis.getAsLong()));
    }

    /** Nanoseconds from a {@code grpc-timeout} (gRPC over HTTP/2, "Timeout"); empty when it is malformed. */
    public static OptionalLong ofGrpc(String value) {
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        int end = value.length() - 1;
        OptionalLong number = number(value, end);
        if (number.isEmpty()) {
            return number;
        }
        return switch (value.charAt(end)) {
            case 'H' -> nanos(number, TimeUnit.HOURS);
            case 'M' -> nanos(number, TimeUnit.MINUTES);
            case 'S' -> nanos(number, TimeUnit.SECONDS);
            case 'm' -> nanos(number, TimeUnit.MILLISECONDS);
            case 'u' -> nanos(number, TimeUnit.MICROSECONDS);
            case 'n' -> nanos(number, TimeUnit.NANOSECONDS);
            default -> OptionalLong.empty();
        };
    }

    /** Whole milliseconds, never fewer than there are: whoever is told must not give up before the caller does. */
    public static long millis(long nanos) {
        return Math.ceilDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** A {@code grpc-timeout} in the finest unit, from microseconds up, that eight digits can say; never too short. */
    public static String grpc(long nanos) {
        long micros = Math.ceilDiv(nanos, TimeUnit.MICROSECONDS.toNanos(1));
        if (micros < GRPC_LIMIT) {
            return micros + "u";
        }
        long millis = millis(nanos);
        return millis < GRPC_LIMIT ? millis + "m" : Math.min(GRPC_LIMIT - 1, Math.ceilDiv(millis, 1000)) + "S";
    }

    /** At most a year, so that sums of times stay comparable. */
    private static OptionalLong nanos(OptionalLong number, TimeUnit unit) {
        return OptionalLong.of(Math.min(unit.toNanos(number.getAsLong()), TimeUnit.DAYS.toNanos(365)));
    }

    private static OptionalLong number(String text, int end) {
        if (end < 1 || end > DIGITS_MAX) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 0; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            number = number * 10 + digit;
        }
        return OptionalLong.of(number);
    }
}
