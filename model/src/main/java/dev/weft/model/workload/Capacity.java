package dev.weft.model.workload;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Joint: "wait until this service has an endpoint". The autoscaler answers, the proxy holds the request. */
public interface Capacity {

    /**
     * Asks for an endpoint of a service that has none. Called on an event loop, so it never blocks.
     *
     * @param service a service whose endpoint group is activatable
     * @param patience how long the caller will hold the request
     * @return completes when an instance is ready; completes exceptionally, with a message for people, when there will
     *     be none within {@code patience}. It may complete on any thread, and before the snapshot with the new endpoint
     *     has reached the caller's event loop.
     */
    CompletionStage<Void> awaitEndpoint(ServiceName service, Duration patience);
}
