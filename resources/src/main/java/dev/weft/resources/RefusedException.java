package dev.weft.resources;

import dev.weft.model.problem.Problem;
import java.util.List;

/** A store would not do what was asked. The message is for people. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Kubernetes' words for it ({@code Status.reason}), with their HTTP statuses. */
    public enum Reason {
        NOT_FOUND(404, "NotFound"),
        ALREADY_EXISTS(409, "AlreadyExists"),
        CONFLICT(409, "Conflict"),
        INVALID(422, "Invalid"),
        BAD_REQUEST(400, "BadRequest"),
        /** The disk is full or damaged: nothing of the write is kept, reads go on. */
        STORAGE(507, "InsufficientStorage");

        private final int status;
        private final String word;

        Reason(int status, String word) {
            this.status = status;
            this.word = word;
        }

        public int status() {
            return status;
        }

        /** {@code NotFound} and so on. */
        public String word() {
            return word;
        }
    }

    private final Reason reason;
    private final transient List<Problem> problems;

    public RefusedException(Reason reason, String message, List<Problem> problems) {
        super(message);
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    public Reason reason() {
        return reason;
    }

    /** All faults found, for {@code INVALID}; empty otherwise. */
    public List<Problem> problems() {
        return problems;
    }
}
