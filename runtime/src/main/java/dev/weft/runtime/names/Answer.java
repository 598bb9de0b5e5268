package dev.weft.runtime.names;

import java.util.List;

/** What is said to a question: records, perhaps none, or that there is no such name. */
record Answer(Code code, List<Entry> entries) {

    enum Code {
        GOOD(0),
        FAILED(2),
        NO_SUCH_NAME(3),
        NOT_KNOWN(4),
        REFUSED(5);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** One resource record (RFC 1035 section 3.2.1). */
    static final class Entry {

        private final String name;
        private final int type;
        private final byte[] data;

        /**
         * Takes the bytes as they are.
         *
         * @param name without a dot at its end
         * @param data as on the wire
         */
        Entry(String name, int type, byte[] data) {
            this.name = name;
            this.type = type;
            this.data = data;
        }

        String name() {
            return name;
        }

        int type() {
            return type;
        }

        byte[] data() {
            return data;
        }
    }

    static final Answer NO_SUCH_NAME = new Answer(Code.NO_SUCH_NAME, List.of());
    static final Answer NOTHING = new Answer(Code.GOOD, List.of());

    Answer {
        entries = List.copyOf(entries);
    }
}
