/**
 * Who may do what, and what may be written: roles, their bindings, admission policies and webhooks.
 *
 * <p>In: documents. Out: typed records, or every fault at its field. Thread: the caller's. Deliberately absent: whether an
 * expression is one, which needs the language, and whether what is named exists.
 */
@NullMarked
package dev.weft.resources.permission;

import org.jspecify.annotations.NullMarked;
