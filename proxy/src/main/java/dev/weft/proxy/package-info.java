/**
 * The data plane of one machine: edge, outbound and inbound proxies, following snapshots.
 *
 * <p>In: {@link dev.weft.model.traffic.Snapshots}, certificates, capacity. Out: requests carried, one outcome each, and
 * problems with listeners. Thread: the control thread of {@link dev.weft.proxy.Proxy} for what may block, event loops for
 * requests. Deliberately absent: what the snapshot was made of, and opaque TCP, which gets stacks of its own.
 */
@NullMarked
package dev.weft.proxy;

import org.jspecify.annotations.NullMarked;
