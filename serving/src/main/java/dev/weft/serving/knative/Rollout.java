package dev.weft.serving.knative;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How the shares of a Route's floating lines move to the latest revision, as Knative's rollout does: one percent at once, then
 * equal steps until the given time is over, taken from the newest of the older revisions first. A line of one percent moves at
 * once, and so does one that was not there before. Knative measures how long its ingress took for the first percent; here the
 * new shares hold within milliseconds, and the first step always counts as the shortest that Knative knows.
 *
 * @param lines in the order of their tags and configurations; only such as have a share
 */
record Rollout(List<Line> lines) {

    static final Rollout NONE = new Rollout(List.of());

    static final Duration FIRST_STEP = Duration.ofSeconds(1);

    /** What one revision gets, in percent of the whole Route. */
    record Share(String revision, int percent) {}

    /**
     * How fast a line moves.
     *
     * @param next when the next step is due
     * @param percent how much of the Route's traffic each step moves
     */
    record Pace(Instant start, Instant next, Duration step, int percent) {

        /** @param first how long the first percent took, one second or more */
        static Pace of(int linePercent, Duration first, Duration whole, Instant start) {
            double remaining = Math.max(1, whole.minus(first).toSeconds());
            int still = linePercent - 1;
            double steps = Math.min(still, Math.max(1, remaining / first.toSeconds()));
            Duration step = Duration.ofNanos((long) (remaining / steps * 1_000_000_000));
            return new Pace(start, start.plus(first).plus(step), step, (int) Math.round(still / steps));
        }
    }

    /**
     * A floating line of the traffic block.
     *
     * @param tag empty for none
     * @param shares the oldest revision first; several while the line moves to the last of them
     * @param pace empty while nothing moves
     */
    record Line(String configuration, String tag, int percent, List<Share> shares, Optional<Pace> pace) {

        static final Comparator<Line> ORDER = Comparator.comparing(Line::tag).thenComparing(Line::configuration);

        Line {
            shares = List.copyOf(shares);
        }

        /** All of it at one revision. */
        static Line at(String revision, String configuration, String tag, int percent) {
            return new Line(configuration, tag, percent, List.of(new Share(revision, percent)), Optional.empty());
        }

        boolean of(String otherConfiguration, String otherTag) {
            return configuration.equals(otherConfiguration) && tag.equals(otherTag);
        }

        private String latest() {
            return shares.getLast().revision();
        }

        private Line after(Line before, Duration whole, Instant now) {
            if (percent <= 1) {
                return this;
            }
            List<Share> shares = before.resized(percent);
            if (!shares.getLast().revision().equals(latest())) {
                return starting(shares, whole, now);
            }
            if (shares.size() == 1) {
                return this;
            }
            Pace pace = before.pace.orElse(Pace.of(percent, FIRST_STEP, whole, now));
            Line moving = new Line(configuration, tag, percent, shares, Optional.of(pace));
            return now.isBefore(pace.next()) ? moving : moving.moved(pace, now);
        }

        /** More goes to the newest; less is taken from the oldest. */
        private List<Share> resized(int wanted) {
            List<Share> resized = new ArrayList<>(shares);
            int more = wanted - percent;
            while (more < 0) {
                Share oldest = resized.removeFirst();
                if (oldest.percent() + more > 0) {
                    resized.addFirst(new Share(oldest.revision(), oldest.percent() + more));
                }
                more = Math.min(0, more + oldest.percent());
            }
            Share newest = resized.removeLast();
            resized.add(new Share(newest.revision(), newest.percent() + more));
            return resized;
        }

        private Line starting(List<Share> former, Duration whole, Instant now) {
            List<Share> shares = less(former, 1);
            shares.add(new Share(latest(), 1));
            Pace pace = Pace.of(percent, FIRST_STEP, whole, now);
            return new Line(configuration, tag, percent, shares, Optional.of(pace));
        }

        private Line moved(Pace pace, Instant now) {
            List<Share> former = less(shares.subList(0, shares.size() - 1), pace.percent());
            int left = former.stream().mapToInt(Share::percent).sum();
            if (left == 0) {
                return at(latest(), configuration, tag, percent);
            }
            former.add(new Share(latest(), percent - left));
            Pace next = new Pace(pace.start(), now.plus(pace.step()), pace.step(), pace.percent());
            return new Line(configuration, tag, percent, former, Optional.of(next));
        }

        private static List<Share> less(List<Share> shares, int percent) {
            List<Share> less = new ArrayList<>(shares);
            int taking = percent;
            while (taking > 0 && !less.isEmpty()) {
                Share newest = less.removeLast();
                if (newest.percent() > taking) {
                    less.add(new Share(newest.revision(), newest.percent() - taking));
                }
                taking -= newest.percent();
            }
            return less;
        }

        /** What revisions had that are no more goes to the newest that is left; empty when none is. */
        private Optional<Line> among(Predicate<String> existing) {
            List<Share> left = new ArrayList<>(shares);
            left.removeIf(share -> !existing.test(share.revision()));
            if (left.isEmpty()) {
                return Optional.empty();
            }
            int others = left.stream()
                    .limit(left.size() - 1L)
                    .mapToInt(Share::percent)
                    .sum();
            Share newest = left.removeLast();
            left.add(new Share(newest.revision(), percent - others));
            return Optional.of(new Line(configuration, tag, percent, left, pace));
        }
    }

    Rollout {
        lines = lines.stream()
                .filter(line -> line.percent() > 0)
                .sorted(Line.ORDER)
                .toList();
    }

    /**
     * What holds from now on, where this is the goal.
     *
     * @param before what held until now
     * @param whole how long the way to the goal takes, in whole seconds; zero for none
     */
    Rollout after(Rollout before, Duration whole, Instant now) {
        if (whole.isZero()) {
            return this;
        }
        return new Rollout(lines.stream()
                .map(goal -> before.find(goal.configuration(), goal.tag())
                        .map(line -> goal.after(line, whole, now))
                        .orElse(goal))
                .toList());
    }

    Rollout among(Predicate<String> existing) {
        return new Rollout(
                lines.stream().flatMap(line -> line.among(existing).stream()).toList());
    }

    Optional<Line> find(String configuration, String tag) {
        return lines.stream().filter(line -> line.of(configuration, tag)).findFirst();
    }

    /** When the next step is due; empty while nothing moves. */
    Optional<Instant> next() {
        return lines.stream()
                .flatMap(line -> line.pace().stream())
                .map(Pace::next)
                .min(Comparator.naturalOrder());
    }
}
