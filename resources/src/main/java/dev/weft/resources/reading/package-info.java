/**
 * The reader that every typed kind is written with: fields asked for by name, type and range, all problems noted at once.
 *
 * <p>In: a document or a stored resource. Out: a typed value, if nothing is wrong with it, and the problems. Thread: the
 * caller's; one reading belongs to one thread. Deliberately absent: any particular kind, and references between resources.
 */
@NullMarked
package dev.weft.resources.reading;

import org.jspecify.annotations.NullMarked;
