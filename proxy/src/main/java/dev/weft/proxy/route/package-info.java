/**
 * Which rule decides a request, and where the request goes: one {@link dev.weft.proxy.route.RouteTable} per snapshot.
 *
 * <p>In: a snapshot, and the head of one request as a {@link dev.weft.proxy.route.HeadView}. Out: a {@link
 * dev.weft.proxy.route.Routing}, a value that the exchange engine acts on. Thread: tables are built on the control
 * plane's thread and read by every event loop. Deliberately absent: sockets, bodies, endpoints and their choice.
 */
@NullMarked
package dev.weft.proxy.route;

import org.jspecify.annotations.NullMarked;
