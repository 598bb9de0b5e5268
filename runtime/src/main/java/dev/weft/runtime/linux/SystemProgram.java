package dev.weft.runtime.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program of this machine that runs with the platform's own capabilities. It is taken from the folders that only root may
 * change, never from a {@code PATH}: pods choose theirs, and their programs may write in folders of the platform's.
 */
public enum SystemProgram {
    ENV("env"),
    NSENTER("nsenter"),
    SETPRIV("setpriv"),
    SETSID("setsid"),
    SH("sh"),
    TRUE("true"),
    UNSHARE("unshare");

    private final String program;
    private final Optional<Path> found;

    SystemProgram(String program) {
        this.program = program;
        this.found = Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public boolean exists() {
        return found.isPresent();
    }

    /** Its absolute path; where it is missing, one that leads nowhere. */
    public String path() {
        return found.orElse(Path.of("/usr/bin", program)).toString();
    }
}
