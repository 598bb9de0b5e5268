/** What the proxy promises, on real sockets, with peers that do as the test says. */
@NullMarked
package dev.weft.proxy;

import org.jspecify.annotations.NullMarked;
