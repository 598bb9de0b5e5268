package dev.weft.proxy.rate;

import java.util.concurrent.TimeUnit;

/**
 * So many requests a second, and how many may come at once after a pause: a quarter of a second's worth, or a whole
 * second's where that is at most ten.
 */
record Rate(long intervalNanos, long toleranceNanos) {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BURST_SMALL = 10;

    static Rate perSecond(int requests) {
        int burst = Math.max(requests / 4, Math.min(requests, BURST_SMALL));
        long interval = SECOND / requests;
        return new Rate(interval, interval * burst);
    }
}
