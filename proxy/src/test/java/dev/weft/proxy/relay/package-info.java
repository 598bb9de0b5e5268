/** What first bytes are. */
@NullMarked
package dev.weft.proxy.relay;

import org.jspecify.annotations.NullMarked;
