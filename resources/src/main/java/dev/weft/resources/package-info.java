/**
 * What is declared: documents, resources, and the joint through which every controller reads and writes them.
 *
 * <p>In: YAML and JSON text. Out: {@link dev.weft.resources.Resource}s, or problems with file and line; one subpackage
 * for each API group turns a resource into typed records. Thread: parsing on the caller's; watches on the store's own.
 * Deliberately absent: storage, REST, and what a resource makes happen.
 */
@NullMarked
package dev.weft.resources;

import org.jspecify.annotations.NullMarked;
