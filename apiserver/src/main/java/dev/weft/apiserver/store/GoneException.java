package dev.weft.apiserver.store;

/** The changes after this resourceVersion are not kept (any more): the reader has to list again. */
public final class GoneException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param asked the version that the reader has
     * @param known the oldest version to go on from, or the newest when the reader's lies in the future
     */
    public GoneException(long asked, long known) {
        super("too old resource version: " + asked + " (" + known + ")");
    }
}
