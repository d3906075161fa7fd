package dev.heed.attention;

/**
 * Which mixer stands in each layer of a model instead of the attention that its configuration
 * names.
 *
 * <pre>{@code
 * model.withMixers((layer, own) -> layer < 4 ? own.with(new FactorizedAttention(pattern)) : own);
 * }</pre>
 */
@FunctionalInterface
public interface MixerSwap {
  /**
   * Chooses.
   *
   * @param layer from 0
   * @param own the layer's attention with its parameters; it can be kept, be given another {@link
   *     MultiHeadAttention#with mechanism} or {@linkplain MaskedMixer pattern}, or be left out
   * @return maps {@code [B, T, size]} to the same; parameters of its own belong to whoever built it
   */
  SequenceMixer swap(int layer, MultiHeadAttention own);
}
