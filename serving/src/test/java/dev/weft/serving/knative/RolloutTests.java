package dev.weft.serving.knative;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps by which a share moves to the latest revision, with the vectors of Knative's own rollout. */
final class RolloutTests {

    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // percent, first step s, whole s -> steps, percent of each, ms between them
        "100,  1, 380, 99,  1, 3828",
        "100,  1,  10,  9, 11, 1000",
        "100,  5,  60, 11,  9, 5000",
        " 50,  1,  30, 29,  2, 1000",
        "100, 30,  20,  1, 99, 1000",
        "  2,  1, 600,  1,  1, 599000",
        "100,  1,   1,  1, 99, 1000",
    })
    void paceIsThatOfTheVectors(int percent, int first, int whole, int steps, int each, long betweenMs) {
        Rollout.Pace pace = Rollout.Pace.of(percent, Duration.ofSeconds(first), Duration.ofSeconds(whole), START);

        assertThat(pace.percent()).isEqualTo(each);
        assertThat(pace.step().toMillis()).isEqualTo(betweenMs);
        assertThat(pace.next()).isEqualTo(START.plusSeconds(first).plus(pace.step()));
        long remaining = Math.max(1, whole - first);
        assertThat(Math.round(remaining / (pace.step().toNanos() / 1e9))).isEqualTo(steps);
    }

    @Test
    void movesOnePercentAtOnceAndTheRestInEqualStepsUntilTheTimeIsOver() {
        Course course = new Course(10, at("one", 100));

        course.goal(at("two", 100));

        assertThat(course.now()).isEqualTo("one 99, two 1");
        assertThat(course.toTheEnd())
                .containsExactly(
                        "2 s: one 88, two 12",
                        "3 s: one 77, two 23",
                        "4 s: one 66, two 34",
                        "5 s: one 55, two 45",
                        "6 s: one 44, two 56",
                        "7 s: one 33, two 67",
                        "8 s: one 22, two 78",
                        "9 s: one 11, two 89",
                        "10 s: two 100");
    }

    @Test
    void longestWayEndsWhenItsTimeIsOver() {
        Course course = new Course(380, at("one", 100));

        course.goal(at("two", 100));

        assertThat(course.toTheEnd()).hasSize(99).last().isEqualTo("380 s: two 100");
    }

    @Test
    void nothingMovesBeforeAStepIsDue() {
        Course course = new Course(10, at("one", 100));
        course.goal(at("two", 100));

        course.pass(Duration.ofMillis(1999));
        assertThat(course.now()).isEqualTo("one 99, two 1");
        course.pass(Duration.ofMillis(1));
        assertThat(course.now()).isEqualTo("one 88, two 12");
    }

    @Test
    void timeThatNobodyLookedIsNotMadeUpFor() {
        Course course = new Course(10, at("one", 100));
        course.goal(at("two", 100));

        course.pass(Duration.ofSeconds(60));

        assertThat(course.now()).isEqualTo("one 88, two 12");
    }

    @Test
    void thirdRevisionTakesFromTheNewestOfTheOlderOnesFirst() {
        Course course = new Course(10, at("one", 100));
        course.goal(at("two", 100));
        course.pass(Duration.ofSeconds(2));

        course.goal(at("three", 100));

        assertThat(course.now()).isEqualTo("one 88, two 11, three 1");
        assertThat(course.toTheEnd().subList(0, 3))
                .containsExactly("4 s: one 88, three 12", "5 s: one 77, three 23", "6 s: one 66, three 34");
    }

    @Test
    void firstRevisionAndALineThatIsNewMoveAtOnce() {
        Course course = new Course(10, Rollout.NONE);
        course.goal(at("one", 100));
        assertThat(course.now()).isEqualTo("one 100");

        course.goal(new Rollout(
                List.of(Rollout.Line.at("two", "hello", "canary", 40), Rollout.Line.at("other", "other", "", 60))));

        assertThat(course.now()).isEqualTo("other 60, two 40");
    }

    @Test
    void onePercentAndNoTimeMoveAtOnce() {
        Course little = new Course(10, at("one", 1));
        little.goal(at("two", 1));
        assertThat(little.now()).isEqualTo("two 1");

        Course sudden = new Course(0, at("one", 100));
        sudden.goal(at("two", 100));
        assertThat(sudden.now()).isEqualTo("two 100");
    }

    @Test
    void shareThatGrowsOnTheWayGoesToTheNewestAndOneThatShrinksIsTakenFromTheOldest() {
        Course course = new Course(10, at("one", 50));
        course.goal(at("two", 50));
        assertThat(course.now()).isEqualTo("one 49, two 1");

        course.goal(at("two", 80));
        assertThat(course.now()).isEqualTo("one 49, two 31");

        course.goal(at("two", 40));
        assertThat(course.now()).isEqualTo("one 9, two 31");

        course.goal(at("two", 30));
        assertThat(course.now()).isEqualTo("two 30");
    }

    @Test
    void linesOfSeveralTagsMoveByThemselves() {
        Course course = new Course(
                10,
                new Rollout(
                        List.of(Rollout.Line.at("one", "hello", "", 60), Rollout.Line.at("a", "other", "canary", 40))));

        course.goal(new Rollout(
                List.of(Rollout.Line.at("two", "hello", "", 60), Rollout.Line.at("a", "other", "canary", 40))));

        assertThat(course.now()).isEqualTo("one 59, two 1, a 40");
        assertThat(course.toTheEnd()).last().isEqualTo("10 s: two 60, a 40");
    }

    @Test
    void shareOfARevisionThatIsGoneGoesToTheNewestThatIsLeft() {
        Course course = new Course(10, at("one", 100));
        course.goal(at("two", 100));
        course.goal(at("three", 100));
        assertThat(course.now()).isEqualTo("one 99, three 1");

        assertThat(Course.text(course.state.among(name -> !name.equals("one")))).isEqualTo("three 100");
        assertThat(Course.text(course.state.among(name -> !name.equals("three"))))
                .isEqualTo("one 100");
        assertThat(course.state.among(name -> false).lines()).isEmpty();
    }

    private static Rollout at(String revision, int percent) {
        return new Rollout(List.of(Rollout.Line.at(revision, "hello", "", percent)));
    }

    /** What becomes of one Route, looked at when it says so. */
    private static final class Course {

        private final Duration whole;
        private Instant now = START;
        private Rollout goal;
        Rollout state;

        Course(int seconds, Rollout state) {
            this.whole = Duration.ofSeconds(seconds);
            this.goal = state;
            this.state = state;
        }

        void goal(Rollout other) {
            goal = other;
            look();
        }

        void pass(Duration time) {
            now = now.plus(time);
            look();
        }

        String now() {
            return text(state);
        }

        List<String> toTheEnd() {
            List<String> looks = new ArrayList<>();
            while (state.next().isPresent()) {
                now = state.next().get();
                look();
                looks.add(Math.round(Duration.between(START, now).toMillis() / 1000.0) + " s: " + now());
            }
            return looks;
        }

        private void look() {
            state = goal.after(state, whole, now);
        }

        static String text(Rollout rollout) {
            return String.join(
                    ", ",
                    rollout.lines().stream()
                            .flatMap(line -> line.shares().stream())
                            .map(share -> share.revision() + " " + share.percent())
                            .toList());
        }
    }
}
