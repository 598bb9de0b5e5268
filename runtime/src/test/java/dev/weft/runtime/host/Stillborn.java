package dev.weft.runtime.host;

import java.util.function.Supplier;

/** Cannot be made. */
public final class Stillborn implements Supplier<String> {

    public Stillborn() {
        throw new IllegalStateException("no configuration");
    }

    @Override
    public String get() {
        return "";
    }
}
