/**
 * What an image name means on this machine.
 *
 * <p>In: {@code LocalImage} resources. Out: a command and its folder, built first if it has to be. Thread: the asking
 * pod's own; one build of an image at a time. Deliberately absent: registries, layers, root file systems.
 */
@NullMarked
package dev.weft.runtime.image;

import org.jspecify.annotations.NullMarked;
