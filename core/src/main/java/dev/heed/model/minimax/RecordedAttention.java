package dev.heed.model.minimax;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.LayerCall;
import dev.heed.tensor.Tensor;

/**
 * Attention as the reference computes it while decoding, for comparing with what it recorded only.
 * It asks the first layer how long the text is. Where that is a lightning layer, which has no keys,
 * a later call's mask is that of the first token alone, spread over all keys: every query sees all
 * of them, or, where the first token is padding, none. A query that sees none weighs all keys
 * alike, padding included. Weights are not shown, and keys are kept beyond the window.
 *
 * @param attention which
 * @param window keys that a query sees, its own included; 0 for all before it
 * @param blind whether the first layer is a lightning layer
 */
record RecordedAttention(LayerBody attention, int window, boolean blind) implements SequenceMixer {
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    AttentionMask before = request.mask() == null ? AttentionMask.causal() : request.mask();
    int past = request.state() == null ? 0 : Math.toIntExact(request.state().length());
    AttentionMask near = window == 0 ? before : before.and(AttentionMask.slidingWindow(window));
    AttentionMask seen =
        blind && past > 0 ? (batch, head, query, key) -> before.allows(batch, head, 0, 0) : near;
    boolean[][] blank = blank(seen, Math.toIntExact(x.size(0)), past, Math.toIntExact(x.size(1)));
    AttentionRequest own =
        request.withMask((batch, head, query, key) ->
            blank[batch][query - past] || seen.allows(batch, head, query, key));
    return AttentionOutput.of(
        attention.apply(x, new LayerCall(own.withModifier(new Alike(blank, past)))));
  }

  /** The queries of a call that see no key. */
  private static boolean[][] blank(AttentionMask seen, int batches, int past, int time) {
    boolean[][] blank = new boolean[batches][time];
    for (int batch = 0; batch < batches; batch++) {
      for (int row = 0; row < time; row++) {
        boolean none = true;
        for (int key = 0; key < past + time && none; key++) {
          none = !seen.allows(batch, 0, past + row, key);
        }
        blank[batch][row] = none;
      }
    }
    return blank;
  }

  /** Scores of zero for the queries that see no key. */
  private record Alike(boolean[][] blank, int past) implements ScoreModifier {
    @Override
    public double modify(int batch, int head, int query, int key, double score) {
      return blank[batch][query - past] ? 0 : score;
    }

    @Override
    public double derivative(int batch, int head, int query, int key, double score) {
      return blank[batch][query - past] ? 0 : 1;
    }
  }
}
