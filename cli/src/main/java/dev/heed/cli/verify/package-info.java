/** {@code heed verify}: does a model compute what its reference recorded? */
@NullMarked
package dev.heed.cli.verify;

import org.jspecify.annotations.NullMarked;
