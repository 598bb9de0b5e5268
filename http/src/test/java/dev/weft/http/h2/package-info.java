/** Tests of the HTTP/2 codec: in {@link dev.weft.http.h2.Recorder} what a session does becomes text to compare. */
@NullMarked
package dev.weft.http.h2;

import org.jspecify.annotations.NullMarked;
