package dev.heed.attention.additive;

import dev.heed.nn.Embedding;
import dev.heed.nn.Gru;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A GRU decoder with Luong's concat attention and no input feeding: {@code h̃ = tanh(W [state;
 * context] + b)}, {@code p = softmax(V h̃ + c)}.
 *
 * <p>Without feeding, no step needs the attention of the one before, so all steps run at once.
 *
 * <p>Source: Luong, Pham, Manning 2015, section 3.1. Parameters: {@code embedding}, {@code gru},
 * {@code attn.attn}, {@code attn.v}, {@code concat}, {@code out}.
 */
public final class LuongDecoder extends Module {
  /**
   * What decoding gives.
   *
   * @param probabilities of the next word, {@code [B, T, vocabulary]}
   * @param weights where each step looked, {@code [B, T, S]}
   * @param hidden last states {@code [layers, B, hidden]}
   */
  public record Decoded(Tensor probabilities, Tensor weights, Tensor hidden) {}

  private final Embedding words;
  private final Gru gru;
  private final AlignmentScore score;
  private final Linear concat;
  private final Linear out;

  /** Builds the embedding, the recurrent layers, the attention and the output map. */
  public LuongDecoder(Weights weights, long vocabulary, long hidden, int layers) {
    super(weights);
    Weights attention = weights.child("attn");
    this.words = new Embedding(weights.child("embedding"), vocabulary, hidden, -1);
    this.gru = new Gru(weights.child("gru"), hidden, hidden, new Layout(layers, false));
    this.score =
        AlignmentScore.concat(
            Linear.of(attention.child("attn"), 2 * hidden, hidden),
            attention.parameter("v", Initializer.uniform(1 / Math.sqrt(hidden)), hidden));
    this.concat = Linear.of(weights.child("concat"), 2 * hidden, hidden);
    this.out = Linear.of(weights.child("out"), hidden, vocabulary);
  }

  /**
   * Decodes known words.
   *
   * @param target i64 {@code [B, T]}, the words fed in
   * @param memory the encoder's states, {@code [B, S, hidden]}
   * @param allowed {@code [B, 1, S]}, or null for all
   * @param h0 first states {@code [layers, B, hidden]}
   */
  public Decoded apply(Tensor target, Tensor memory, @Nullable Tensor allowed, Tensor h0) {
    return TensorScope.run(() -> {
      States states = gru.apply(words.apply(target), h0);
      Tensor scores = score.over(memory).apply(states.outputs());
      Alignment alignment =
          Alignment.of(Alignment.softmax(scores, allowed), Alignment.known(memory, allowed));
      Tensor state =
          concat.apply(Tensor.cat(List.of(states.outputs(), alignment.context()), -1)).tanh();
      return new Decoded(out.apply(state).softmax(-1), alignment.weights(), states.hidden());
    });
  }
}
