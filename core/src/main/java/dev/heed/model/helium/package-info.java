/** Helium (Kyutai 2025): Llama whose rotary pairs are neighbours. */
@NullMarked
package dev.heed.model.helium;

import org.jspecify.annotations.NullMarked;
