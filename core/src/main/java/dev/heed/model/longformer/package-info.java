/** Longformer (Beltagy et al. 2020): RoBERTa that sees a window, and a few tokens that see all. */
@NullMarked
package dev.heed.model.longformer;

import org.jspecify.annotations.NullMarked;
