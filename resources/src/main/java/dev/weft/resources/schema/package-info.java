/**
 * What the documents of each kind look like: which fields there are, of which type, and what they mean.
 *
 * <p>In: the text files beside this package, one line for each field. Out: the schema of a kind in a version, and the fields
 * of a document that it does not have. Thread: any; the schemas are read once, when the first is asked for. Deliberately
 * absent: ranges, defaults and whether fields go together, which the readers of the kinds judge.
 */
@NullMarked
package dev.weft.resources.schema;

import org.jspecify.annotations.NullMarked;
