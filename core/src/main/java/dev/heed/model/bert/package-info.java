/**
 * BERT (Devlin et al. 2019): a bidirectional encoder and its heads, under Hugging Face's names.
 *
 * <p>Shapes: {@code B} texts, {@code T} tokens, {@code H} hidden size, {@code h} heads of size
 * {@code d = H / h}. Trace points of layer N, below the encoder's path: {@code
 * encoder.layer.N.attention.self.q}, {@code .k}, {@code .v} {@code [B, h, T, d]}, {@code .scores}
 * (scaled, before the mask) and {@code .pattern} {@code [B, h, T, T]}, {@code .z} {@code [B, h, T,
 * d]}; {@code embeddings.words} (before positions, types and norm), {@code embeddings.hidden} and
 * {@code encoder.layer.N.hidden} {@code [B, T, H]}.
 */
@NullMarked
package dev.heed.model.bert;

import org.jspecify.annotations.NullMarked;
