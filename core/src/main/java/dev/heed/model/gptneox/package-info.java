/**
 * GPT-NeoX (Black et al. 2022) and Pythia: attention and feed-forward side by side, each behind a
 * norm of its own, rotary positions on a part of each head.
 */
@NullMarked
package dev.heed.model.gptneox;

import org.jspecify.annotations.NullMarked;
