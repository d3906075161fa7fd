/** Ernie 4.5 (Baidu 2025): Llama whose rotary pairs are neighbours. */
@NullMarked
package dev.heed.model.ernie;

import org.jspecify.annotations.NullMarked;
