/** The transport's promises, kept on real sockets. */
@NullMarked
package dev.weft.http.transport;

import org.jspecify.annotations.NullMarked;
