/**
 * {@code weft fn}: from nothing to a function that answers.
 *
 * <p>In: a folder with {@code func.yaml} and sources. Out: a LocalImage and a Knative Service, or a process in the foreground.
 * Thread: the main thread. Deliberately absent: registries, containers, remote builds; functions never load in this program.
 */
@NullMarked
package dev.weft.cli.function;

import org.jspecify.annotations.NullMarked;
