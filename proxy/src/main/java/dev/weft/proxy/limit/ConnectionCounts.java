package dev.weft.proxy.limit;

import dev.weft.model.policy.ClientLimits;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections of clients at the edge, in all, by listener and by address. Safe from any thread: the limits hold across
 * loops, each count is one compare-and-set word, and a connection that finds a limit reached takes back what it had counted.
 */
public final class ConnectionCounts {

    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byListener = new ConcurrentHashMap<>();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    /**
     * Counts one more; {@link #leave} takes it back.
     *
     * @param address numeric, without a port; loopback's own are as many as they like
     * @return why it must not be; then it is not counted
     */
    public Optional<String> enter(String listener, String address, ClientLimits.Connections limits) {
        int total = all.incrementAndGet();
        int atListener = byListener.merge(listener, 1, Integer::sum);
        int fromAddress = byAddress.merge(address, 1, Integer::sum);
        Optional<String> refusal = Optional.empty();
        if (total > limits.max()) {
            refusal = Optional.of(limits.max() + " clients are connected to the edge");
        } else if (atListener > limits.perListenerMax()) {
            refusal = Optional.of(limits.perListenerMax() + " clients are connected to " + listener);
        } else if (fromAddress > limits.perAddressMax() && !isLoopback(address)) {
            refusal = Optional.of(limits.perAddressMax() + " clients are connected from " + address);
        }
        if (refusal.isPresent()) {
            leave(listener, address);
        }
        return refusal;
    }

    /** One that was counted is gone. */
    public void leave(String listener, String address) {
        all.decrementAndGet();
        byListener.computeIfPresent(listener, (_, count) -> count == 1 ? null : count - 1);
        byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    /** In all. */
    public int count() {
        return all.get();
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1") || address.equals("::1");
    }
}
