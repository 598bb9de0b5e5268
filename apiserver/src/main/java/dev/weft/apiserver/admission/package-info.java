/**
 * Who else is asked before something is written: admission policies in CEL, and webhooks.
 *
 * <p>In: what is about to be written, and by whom. Out: the document as webhooks changed it, warnings, or why not. Thread: the
 * request's, which waits for webhooks. Deliberately absent: the configurations' own writes, which are never judged, so that
 * a bad one can be taken away; audit annotations; and what Weft's controllers write.
 */
@NullMarked
package dev.weft.apiserver.admission;

import org.jspecify.annotations.NullMarked;
