/**
 * GPT-J (Wang and Komatsuzaki 2021): attention and feed-forward side by side behind one norm,
 * interleaved rotary positions on the first part of each head.
 */
@NullMarked
package dev.heed.model.gptj;

import org.jspecify.annotations.NullMarked;
