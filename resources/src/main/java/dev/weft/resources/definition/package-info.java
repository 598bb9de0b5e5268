/**
 * CustomResourceDefinitions: kinds that users bring.
 *
 * <p>In: documents. Out: definitions with their versions, names and structural schemas, or every fault at its field.
 * Thread: the caller's. Deliberately absent: serving them, and conversion between versions other than by the label.
 */
@NullMarked
package dev.weft.resources.definition;

import org.jspecify.annotations.NullMarked;
