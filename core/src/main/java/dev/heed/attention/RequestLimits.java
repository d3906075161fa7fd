package dev.heed.attention;

import dev.heed.attention.mask.KeyMask;
import dev.heed.tensor.Tensor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a mixer honours of a request when the tokens that it sees follow from its construction.
 *
 * @param mixer its name, for messages
 * @param causal whether it sees only what does not come after a token
 * @param padding whether it can leave out padding
 */
public record RequestLimits(String mixer, boolean causal, boolean padding) {
  /**
   * Checks a request.
   *
   * @param x {@code [B, T, size]}
   * @return bool {@code [B, T]}, false at padding; null if there is none
   * @throws IllegalArgumentException if the request wants another direction than the mixer's, a
   *     mask that it cannot honour, a score modifier or a cache
   */
  public @Nullable Tensor check(Tensor x, AttentionRequest request) {
    if (request.modifier() != null || request.state() != null) {
      throw new IllegalArgumentException(
          mixer
              + ": expected neither score modifier nor key cache, which it has no use for; go token"
              + " by token with its recurrent form, if it has one");
    }
    KeyMask mask =
        KeyMask.of(request.mask(), Math.toIntExact(x.size(0)), Math.toIntExact(x.size(1)))
            .filter(known -> causal || !known.causal())
            .filter(known -> padding || known.present() == null)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "%s: expected no mask%s%s, got %s; what it sees follows from its"
                            + " construction",
                        mixer,
                        causal ? " or AttentionMask.causal()" : "",
                        padding ? " or a padding mask" : "",
                        request.mask())));
    return mask.present();
  }
}
