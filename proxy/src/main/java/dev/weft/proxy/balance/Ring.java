package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import java.util.Arrays;
import java.util.List;

/**
 * Consistent hashing (Karger and others, STOC 1997): each endpoint has points on a ring, and a key belongs to the next
 * point. An endpoint that leaves takes its own keys with it and moves no other.
 */
final class Ring implements HashTable {

    /** Of each endpoint, however many there are: another number would move the keys of all. */
    private static final int POINTS_EACH = 256;

    private final long[] points;
    private final int[] owners;

    private Ring(long[] points, int[] owners) {
        this.points = points;
        this.owners = owners;
    }

    private record Point(long at, int owner) {}

    static Ring of(List<Endpoint> endpoints) {
        Point[] all = new Point[POINTS_EACH * endpoints.size()];
        for (int i = 0; i < endpoints.size(); i++) {
            long name = HashTable.name(endpoints.get(i));
            for (int j = 0; j < POINTS_EACH; j++) {
                all[i * POINTS_EACH + j] = new Point(Hash.mix(name + j * 0x9e3779b97f4a7c15L), i);
            }
        }
        Arrays.sort(all, (a, b) -> Long.compare(a.at, b.at));
        return new Ring(
                Arrays.stream(all).mapToLong(Point::at).toArray(),
                Arrays.stream(all).mapToInt(Point::owner).toArray());
    }

    @Override
    public int at(long key, int attempt) {
        int found = Arrays.binarySearch(points, key);
        int next = found >= 0 ? found : -found - 1;
        return owners[(next + attempt) % owners.length];
    }
}
