package dev.weft.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A head with another path than it came with: normalised, or rewritten by a rule before. Made only where one did. */
public final class RewrittenHead implements HeadView {

    private final HeadView original;
    private final byte[] bytes;
    private final int pathEnd;

    private RewrittenHead(HeadView original, String path) {
        this.original = original;
        this.bytes = (path + original.authority()).getBytes(StandardCharsets.ISO_8859_1);
        this.pathEnd = path.length();
    }

    static HeadView of(HeadView head, HeadEdits edits) {
        return edits.rewrites().isEmpty() ? head : of(head, edits.rewritten(head.path()));
    }

    /** The head with another path. */
    public static HeadView of(HeadView head, String path) {
        return new RewrittenHead(head, path);
    }

    @Override
    public String method() {
        return original.method();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int pathStart() {
        return 0;
    }

    @Override
    public int pathEnd() {
        return pathEnd;
    }

    @Override
    public String query() {
        return original.query();
    }

    @Override
    public int authorityStart() {
        return pathEnd;
    }

    @Override
    public int authorityEnd() {
        return bytes.length;
    }

    @Override
    public boolean hasHeader(String name) {
        return original.hasHeader(name);
    }

    @Override
    public boolean headerIs(String name, String value) {
        return original.headerIs(name, value);
    }

    @Override
    public Optional<String> header(String name) {
        return original.header(name);
    }
}
