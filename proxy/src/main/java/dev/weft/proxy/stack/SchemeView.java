package dev.weft.proxy.stack;

import dev.weft.proxy.route.HeadView;
import java.util.Optional;

/**
 * A head from outside whose {@code x-forwarded-proto} is what the connection says, whatever the client wrote: rules that
 * send clear text to HTTPS, or refuse it, ask for it.
 */
final class SchemeView implements HeadView {

    private static final String NAME = "x-forwarded-proto";

    private final HeadView head;
    private final String scheme;

    SchemeView(HeadView head, String scheme) {
        this.head = head;
        this.scheme = scheme;
    }

    @Override
    public boolean hasHeader(String name) {
        return name.equals(NAME) || head.hasHeader(name);
    }

    @Override
    public boolean headerIs(String name, String value) {
        return name.equals(NAME) ? scheme.equals(value) : head.headerIs(name, value);
    }

    @Override
    public Optional<String> header(String name) {
        return name.equals(NAME) ? Optional.of(scheme) : head.header(name);
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public byte[] bytes() {
        return head.bytes();
    }

    @Override
    public int pathStart() {
        return head.pathStart();
    }

    @Override
    public int pathEnd() {
        return head.pathEnd();
    }

    @Override
    public String query() {
        return head.query();
    }

    @Override
    public int authorityStart() {
        return head.authorityStart();
    }

    @Override
    public int authorityEnd() {
        return head.authorityEnd();
    }

    @Override
    public String path() {
        return head.path();
    }

    @Override
    public String authority() {
        return head.authority();
    }
}
