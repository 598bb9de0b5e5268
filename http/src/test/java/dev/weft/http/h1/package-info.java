/** The codec's promises: what is accepted, what is refused, and that the splitting of bytes makes no difference. */
@NullMarked
package dev.weft.http.h1;

import org.jspecify.annotations.NullMarked;
