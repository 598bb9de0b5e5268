package dev.weft.apiserver.store;

import dev.weft.resources.Key;
import dev.weft.resources.Resource;
import java.util.List;
import java.util.Optional;

/** What there is, seen by a write: the committed state, or that with the writes before it in the same group. */
interface Objects {

    Optional<Resource> get(Key key);

    /** The resource of this uid. */
    Optional<Resource> find(String uid);

    /** Every resource that names this uid among its ownerReferences. */
    List<Resource> ownedBy(String uid);

    /** The resourceVersion of the newest write. */
    long version();

    /** Everything there is. */
    List<Resource> all();
}
