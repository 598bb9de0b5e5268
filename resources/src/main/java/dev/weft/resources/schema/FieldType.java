package dev.weft.resources.schema;

/** What a field may hold. */
public sealed interface FieldType {

    /** One value. */
    enum Scalar implements FieldType {
        STRING("string"),
        INTEGER("integer"),
        NUMBER("number"),
        BOOLEAN("boolean"),
        /** A text in the form of RFC 3339. */
        TIME("time"),
        /** A number or a text such as {@code 500m}. */
        QUANTITY("quantity"),
        INT_OR_STRING("int-or-string"),
        /** Anything at all. */
        ANY("any");

        private final String word;

        Scalar(String word) {
            this.word = word;
        }

        /** As the files write it. */
        public String word() {
            return word;
        }
    }

    record ListOf(FieldType item) implements FieldType {}

    /** An object whose fields are free and hold the same. */
    record MapOf(FieldType value) implements FieldType {}

    /** An object with these fields. */
    record Named(String type) implements FieldType {}
}
