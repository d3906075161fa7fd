/** The {@code heed} command. */
@NullMarked
package dev.heed.cli;

import org.jspecify.annotations.NullMarked;
