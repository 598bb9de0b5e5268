package dev.weft.control.acme;

import dev.weft.model.problem.ResourceReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What there is to see of certificates that are asked for: the challenges that the edge has to answer now, and how far each
 * Host is. Safe from any thread; readers see a list that never changes.
 */
public final class HostCertificates {

    private final Map<String, Challenge> underWay = new ConcurrentHashMap<>(); // by host name
    private final Map<ResourceReference, Progress> progress = new ConcurrentHashMap<>();
    private final List<Runnable> onChallenges = new CopyOnWriteArrayList<>();
    private final List<Consumer<ResourceReference>> onProgress = new CopyOnWriteArrayList<>();
    private final ReentrantLock publishing = new ReentrantLock();
    private volatile List<Challenge> challenges = List.of();

    /** Mostly none. */
    public List<Challenge> challenges() {
        return challenges;
    }

    /** Of that Host; empty where no authority is asked. */
    public Optional<Progress> progress(ResourceReference host) {
        return Optional.ofNullable(progress.get(host));
    }

    public void onChallenges(Runnable listener) {
        onChallenges.add(listener);
    }

    public void onProgress(Consumer<ResourceReference> listener) {
        onProgress.add(listener);
    }

    void begin(Challenge challenge) {
        underWay.put(challenge.hostname(), challenge);
        publish();
    }

    void end(String hostname) {
        if (underWay.remove(hostname) != null) {
            publish();
        }
    }

    private void publish() {
        publishing.lock();
        try {
            challenges = List.copyOf(underWay.values());
        } finally {
            publishing.unlock();
        }
        onChallenges.forEach(Runnable::run);
    }

    void show(ResourceReference host, Progress now) {
        if (!now.equals(progress.put(host, now))) {
            onProgress.forEach(listener -> listener.accept(host));
        }
    }

    /** Forgets the Hosts that are not among these. */
    void retain(List<ResourceReference> hosts) {
        for (ResourceReference each : List.copyOf(progress.keySet())) {
            if (!hosts.contains(each) && progress.remove(each) != null) {
                onProgress.forEach(listener -> listener.accept(each));
            }
        }
    }
}
