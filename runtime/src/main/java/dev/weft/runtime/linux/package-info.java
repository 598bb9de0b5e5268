/**
 * The few calls of the Linux kernel that namespaces need, by the foreign-function API.
 *
 * <p>In: what shall be. Out: descriptors, or a {@link dev.weft.runtime.linux.KernelRefusal} that names call, error and
 * remedy. Thread: the caller's, and for namespaces that is the point: the kernel keeps them by thread. Deliberately absent:
 * other programs (ip, nft, mount), pods, and any thread of its own.
 */
@NullMarked
package dev.weft.runtime.linux;

import org.jspecify.annotations.NullMarked;
