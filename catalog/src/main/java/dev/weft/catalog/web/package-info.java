/**
 * What the catalogue answers over HTTP.
 *
 * <p>In: GET requests, wherever the handlers are mounted. Out: JSON, newline-delimited JSON, Prometheus text, and the
 * console's pages and event stream. Thread: Jetty's, virtual. Deliberately absent: who may ask, which is decided where
 * the handlers are mounted; and writing anything.
 */
@NullMarked
package dev.weft.catalog.web;

import org.jspecify.annotations.NullMarked;
