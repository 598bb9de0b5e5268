package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import java.util.Arrays;
import java.util.List;

/**
 * Maglev's table: each endpoint fills its places in an order of its own, all in turn, so their shares differ by one place
 * at most (Eisenbud and others, Maglev: A Fast and Reliable Software Network Load Balancer, NSDI 2016, section 3.4).
 */
final class MaglevTable implements HashTable {

    /** Primes, at least a hundred places for each endpoint (section 5.3 of the paper). */
    private static final int[] SIZES = {16_381, 65_537, 655_373};

    private static final int PLACES_EACH_MIN = 100;

    private final int[] owners;

    private MaglevTable(int[] owners) {
        this.owners = owners;
    }

    static MaglevTable of(List<Endpoint> endpoints) {
        int size = size(endpoints.size());
        int[] owners = new int[size];
        Arrays.fill(owners, -1);
        int count = endpoints.size();
        int[] next = new int[count];
        int[] skip = new int[count];
        for (int i = 0; i < count; i++) {
            long name = HashTable.name(endpoints.get(i));
            next[i] = (int) Long.remainderUnsigned(Hash.mix(name), size);
            skip[i] = (int) Long.remainderUnsigned(Hash.mix(name + 1), size - 1) + 1;
        }
        int filled = 0;
        while (filled < size && count > 0) {
            for (int i = 0; i < count && filled < size; i++) {
                while (owners[next[i]] >= 0) {
                    next[i] = (next[i] + skip[i]) % size;
                }
                owners[next[i]] = i;
                filled++;
            }
        }
        return new MaglevTable(owners);
    }

    private static int size(int endpoints) {
        for (int size : SIZES) {
            if (size >= endpoints * PLACES_EACH_MIN) {
                return size;
            }
        }
        return SIZES[SIZES.length - 1];
    }

    @Override
    public int at(long key, int attempt) {
        long place = attempt == 0 ? key : Hash.mix(key + attempt);
        return owners[(int) Long.remainderUnsigned(place, owners.length)];
    }
}
