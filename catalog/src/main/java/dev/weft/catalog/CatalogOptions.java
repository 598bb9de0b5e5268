package dev.weft.catalog;

import dev.weft.model.workload.Certificates;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much the catalogue keeps, and where.
 *
 * @param seriesMax how many series of each kind are told apart; what comes on top is counted under {@code other}
 * @param recentSlots how many failed or refused requests are kept for {@code weft why}, as many that are the first of
 *     their kind in their second, and as many of the rest
 * @param directory where the sums of objectives are kept over a restart; empty to keep them in memory only
 * @param certificates of the workloads, for when they end; empty where they are not known
 */
public record CatalogOptions(
        int seriesMax, int recentSlots, Optional<Path> directory, Optional<Certificates> certificates) {

    public static final CatalogOptions DEFAULT = new CatalogOptions(2_000, 4_096, Optional.empty(), Optional.empty());

    public CatalogOptions withDirectory(Path newDirectory) {
        return new CatalogOptions(seriesMax, recentSlots, Optional.of(newDirectory), certificates);
    }

    public CatalogOptions withCertificates(Certificates newCertificates) {
        return new CatalogOptions(seriesMax, recentSlots, directory, Optional.of(newCertificates));
    }
}
