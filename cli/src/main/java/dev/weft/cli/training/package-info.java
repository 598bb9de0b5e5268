/**
 * What the data plane's cache of loaded classes and profiles is made from: a short run of {@code weft proxy} with requests
 * of every kind through it.
 *
 * <p>In: a way to start the proxy. Out: traffic. Thread: virtual ones. Deliberately absent: any judgement of the answers
 * beyond that there was one.
 */
@NullMarked
package dev.weft.cli.training;

import org.jspecify.annotations.NullMarked;
