package dev.weft.runtime.host;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A function's process before it is known which function's: what the host needs is loaded and has run, then it waits on its
 * standard input for a {@link HandOver}, and becomes that function's {@link FunctionHost}. Ends when that input ends.
 */
public final class ParkedHost {

    /** The line that it prints when it is parked. */
    public static final String PARKED = "weft: parked";

    private ParkedHost() {}

    /** Waits, then serves until the process is ended. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        Surroundings surroundings = rehearsed();
        System.gc(); // what that left behind would be paid for by the function's first request
        System.out.println(PARKED);
        Optional<HandOver> handed = HandOver.read(System.in);
        handed.ifPresent(all -> become(all, surroundings));
    }

    /** Does what a spare does before it is parked. */
    static void rehearse() throws IOException, ReflectiveOperationException {
        var _ = rehearsed();
    }

    /** What is done the first time costs ten times as much as the second. */
    private static Surroundings rehearsed() throws IOException, ReflectiveOperationException {
        Surroundings surroundings = new Surroundings();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        String here = System.getProperty("user.dir");
        new HandOver(Map.of("WEFT_SPARE", "parked"), Map.of("weft.spare", "parked"), here, "", "").write(written);
        HandOver message =
                HandOver.read(new ByteArrayInputStream(written.toByteArray())).orElseThrow();
        surroundings.add(message.environment());
        surroundings.directory(message.directory());
        Rehearsal.run();
        return surroundings;
    }

    private static void become(HandOver handed, Surroundings surroundings) {
        try {
            surroundings.environment(handed.environment());
            surroundings.directory(handed.directory());
        } catch (IOException e) {
            System.err.println("weft: a spare was not changed into a function: " + e.getMessage());
            System.exit(1);
        }
        handed.properties().forEach(System::setProperty);
        FunctionHost.run(handed.classpath(), handed.className());
    }
}
