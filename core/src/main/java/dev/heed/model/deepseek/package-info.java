/**
 * DeepSeek-V2 and V3 (DeepSeek-AI 2024): multi-head latent attention, grouped mixtures of experts.
 */
@NullMarked
package dev.heed.model.deepseek;

import org.jspecify.annotations.NullMarked;
