package dev.weft.proxy.message;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.RequestHead;
import dev.weft.proxy.route.HeadView;
import java.util.Optional;

/** Shows a request's head, which has HTTP/1.1's form whatever its client spoke, to the parts that decide. */
public final class RequestView implements HeadView {

    private final RequestHead head;

    public RequestView(RequestHead head) {
        this.head = head;
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
        return head.target().pathStart();
    }

    @Override
    public int pathEnd() {
        return head.target().pathEnd();
    }

    @Override
    public String query() {
        return head.target().query();
    }

    @Override
    public int authorityStart() {
        return head.target().authorityStart();
    }

    @Override
    public int authorityEnd() {
        return head.target().authorityEnd();
    }

    @Override
    public boolean hasHeader(String name) {
        return head.fields().find(name) >= 0;
    }

    @Override
    public boolean headerIs(String name, String value) {
        int index = head.fields().find(name);
        return index >= 0 && head.fields().value(index).equals(value);
    }

    @Override
    public Optional<String> header(String name) {
        Fields fields = head.fields();
        StringBuilder joined = new StringBuilder();
        boolean found = false;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.isNamed(i, name)) {
                joined.append(found ? ", " : "").append(fields.value(i));
                found = true;
            }
        }
        return found ? Optional.of(joined.toString()) : Optional.empty();
    }

    @Override
    public String path() {
        return head.target().path();
    }

    @Override
    public String authority() {
        return head.target().authority();
    }
}
