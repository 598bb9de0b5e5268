/**
 * The interfaces that functions are written to, each called as its own framework calls it.
 *
 * <p>In: a function's class, loaded by its own loader. Out: a {@link dev.weft.runtime.host.http.Handler}. Thread: the request's
 * own. Interfaces of others are known by name and met by reflection: the function brings them. Deliberately absent: containers
 * of beans, reactive types; programs that need those listen on PORT themselves.
 */
@NullMarked
package dev.weft.runtime.host.shape;

import org.jspecify.annotations.NullMarked;
