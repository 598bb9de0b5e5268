package dev.weft.acceptance;

/** A program that uses a part of a processor all the time and answers nothing, as an image. */
final class BusyProgram {

    /** The image {@code busy}, as a document. */
    static final String IMAGE = """
            apiVersion: weft.dev/v1alpha1
            kind: LocalImage
            metadata: {name: busy}
            spec: {command: [/bin/sh, -c, "while true; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.1; done"]}
            ---
            """;

    private BusyProgram() {}
}
