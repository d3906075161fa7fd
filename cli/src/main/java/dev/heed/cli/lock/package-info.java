/** {@code heed lock}: what a model folder holds while it is trusted. */
@NullMarked
package dev.heed.cli.lock;

import org.jspecify.annotations.NullMarked;
