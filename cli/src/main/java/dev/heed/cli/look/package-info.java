/** {@code heed look}: who attends to whom. */
@NullMarked
package dev.heed.cli.look;

import org.jspecify.annotations.NullMarked;
