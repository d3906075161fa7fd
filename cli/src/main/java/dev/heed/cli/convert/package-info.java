/** {@code heed convert}: a checkpoint in another format or type. */
@NullMarked
package dev.heed.cli.convert;

import org.jspecify.annotations.NullMarked;
