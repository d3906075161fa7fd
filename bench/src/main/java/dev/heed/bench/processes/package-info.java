/** Several processes that compute at once, against one alone. */
@NullMarked
package dev.heed.bench.processes;

import org.jspecify.annotations.NullMarked;
