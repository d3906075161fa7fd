package dev.heed.model.mixer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.StatefulMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets any causal mixer go on where it was: it remembers what it read and mixes all of it again, at
 * the cost of a whole pass a token.
 *
 * @param mixer looks back only
 * @param name under which what was read is kept
 */
record RememberingMixer(SequenceMixer mixer, String name) implements StatefulMixer {
  /**
   * Mixes the next tokens.
   *
   * @param keep padding may stand at the end alone, where no other token sees it
   * @throws IllegalArgumentException for padding elsewhere
   */
  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    requireAtEnd(keep);
    return TensorScope.run(() -> {
      DecodeState state = request.state();
      Tensor before = state == null ? null : state.get(name);
      Tensor all = before == null ? x : Tensor.cat(List.of(before, x), 1);
      AttentionRequest plain = request.withMask(AttentionMask.causal()).withState(null);
      Tensor mixed = mixer.apply(all, plain).output();
      if (state != null) {
        state.replace(name, all);
      }
      return mixed.narrow(1, all.size(1) - x.size(1), x.size(1));
    });
  }

  private void requireAtEnd(@Nullable Tensor keep) {
    if (keep == null) {
      return;
    }
    boolean[] there = keep.toBooleanArray();
    int columns = Math.toIntExact(keep.size(1));
    for (int i = 1; i < there.length; i++) {
      if (i % columns != 0 && there[i] && !there[i - 1]) {
        throw new IllegalArgumentException(
            name
                + ": expected padding at the end of a row, got it before a token; give texts of"
                + " one length, or one by one");
      }
    }
  }
}
