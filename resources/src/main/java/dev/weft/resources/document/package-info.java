/**
 * Text to documents: YAML 1.2 and JSON, several documents a stream, with a position for every field.
 *
 * <p>In: files, folders, streams. Out: {@link dev.weft.resources.document.Document}s, and problems for what is no YAML.
 * Thread: the caller's. Deliberately absent: what the fields mean, and exceptions for what a person wrote wrongly.
 */
@NullMarked
package dev.weft.resources.document;

import org.jspecify.annotations.NullMarked;
