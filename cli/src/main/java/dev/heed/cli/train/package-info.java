/** {@code heed train} and {@code heed finetune}: models learn from files of examples. */
@NullMarked
package dev.heed.cli.train;

import org.jspecify.annotations.NullMarked;
