/** Heed: attention for the JVM. */
@NullMarked
package dev.heed;

import org.jspecify.annotations.NullMarked;
