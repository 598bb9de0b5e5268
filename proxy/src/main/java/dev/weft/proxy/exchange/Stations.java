package dev.weft.proxy.exchange;

/** The way of a request through one stack, in order; after the last station it is sent. */
public final class Stations {

    private final Station[] stations;

    private Stations(Station[] stations) {
        this.stations = stations;
    }

    public static Stations of(Station... stations) {
        return new Stations(stations.clone());
    }

    /** False when one of them answered. */
    boolean pass(Exchange exchange) {
        for (Station station : stations) {
            if (!station.pass(exchange)) {
                return false;
            }
        }
        return true;
    }
}
