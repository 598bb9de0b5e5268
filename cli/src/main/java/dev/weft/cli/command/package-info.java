/**
 * The commands, one class each, with their options, help and examples.
 *
 * <p>In: parsed options. Out: text on standard output, tables also as JSON or YAML; faults on standard error. Thread: the
 * main thread. Deliberately absent: how the parts are wired ({@code platform}) and how the API is spoken to ({@code
 * client}).
 */
@NullMarked
package dev.weft.cli.command;

import org.jspecify.annotations.NullMarked;
