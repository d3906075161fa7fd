/** Benchmarks: JMH, and side-by-side runs against peers in one process. */
@NullMarked
package dev.heed.bench;

import org.jspecify.annotations.NullMarked;
