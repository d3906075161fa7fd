package dev.heed.attention.additive;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The decoder of RNNsearch as its paper writes it.
 *
 * <p>{@code s_0 = tanh(W_s h̄_1)}; {@code c = Σ α h}, {@code α = softmax(v_a · tanh(W_a s + U_a
 * h))}; {@code z = σ(W_z e + U_z s + C_z c)}, {@code r = σ(W_r e + U_r s + C_r c)}, {@code s̃ =
 * tanh(W e + U (r·s) + C c)}, {@code s' = (1 - z)·s + z·s̃}; readout {@code t̃ = U_o s + V_o e +
 * C_o c}, {@code t_k = max(t̃_2k, t̃_2k+1)}, {@code logits = W_o t}. All of them look at the
 * previous state {@code s}; there are no biases.
 *
 * <p>Source: Bahdanau, Cho, Bengio 2015, appendix A.1.1, A.1.2 and A.2.2. Parameters have the
 * paper's names.
 */
public final class RnnSearchDecoder extends Module {
  /**
   * The sizes.
   *
   * @param vocabulary how many target words there are
   * @param embedding m, size of a word's vector
   * @param hidden n, size of a state; annotations are twice as wide
   * @param alignment n', the size in which state and annotation are compared
   * @param maxout l, the size of the readout
   */
  public record Config(long vocabulary, long embedding, long hidden, long alignment, long maxout) {}

  /**
   * What decoding gives.
   *
   * @param logits {@code [B, T, vocabulary]}
   * @param states {@code [B, T, hidden]}
   * @param weights where each step looked, {@code [B, T, S]}
   */
  public record Decoded(Tensor logits, Tensor states, Tensor weights) {}

  /** The maps of word, previous state and context into one gate. */
  private record Gate(Tensor word, Tensor state, Tensor context) {
    static Gate of(Weights weights, String suffix, Config c) {
      return new Gate(
          map(weights, "W" + suffix, c.hidden(), c.embedding()),
          map(weights, "U" + suffix, c.hidden(), c.hidden()),
          map(weights, "C" + suffix, c.hidden(), 2 * c.hidden()));
    }

    Tensor apply(Tensor e, Tensor s, Tensor c) {
      return e.linear(word, null).add(s.linear(state, null)).add(c.linear(context, null));
    }
  }

  private final long hidden;
  private final Tensor words;
  private final AlignmentScore score;
  private final Tensor start;
  private final Gate update;
  private final Gate reset;
  private final Gate candidate;
  private final Gate readout;
  private final Tensor output;

  /** Builds the paper's matrices. */
  public RnnSearchDecoder(Weights weights, Config c) {
    super(weights);
    this.hidden = c.hidden();
    this.words = weights.parameter("E", Initializer.normal(0.02), c.vocabulary(), c.embedding());
    this.score =
        AlignmentScore.additive(
            Linear.tied(weights, map(weights, "W_a", c.alignment(), hidden), null),
            Linear.tied(weights, map(weights, "U_a", c.alignment(), 2 * hidden), null),
            weights.parameter("v_a", Initializer.normal(0.02), c.alignment()));
    this.start = map(weights, "W_s", hidden, hidden);
    this.update = Gate.of(weights, "_z", c);
    this.reset = Gate.of(weights, "_r", c);
    this.candidate = Gate.of(weights, "", c);
    long wide = 2 * c.maxout();
    this.readout =
        new Gate(
            map(weights, "V_o", wide, c.embedding()),
            map(weights, "U_o", wide, hidden),
            map(weights, "C_o", wide, 2 * hidden));
    this.output = map(weights, "W_o", c.vocabulary(), c.maxout());
  }

  private static Tensor map(Weights weights, String name, long out, long in) {
    return weights.parameter(name, Initializer.uniform(1 / Math.sqrt(in)), out, in);
  }

  /**
   * Decodes known words.
   *
   * @param target i64 {@code [B, T]}, the words {@code y_{i-1}} fed in
   * @param annotations forward and backward states, {@code [B, S, 2 · hidden]}
   */
  public Decoded apply(Tensor target, Tensor annotations) {
    return TensorScope.run(() -> {
      Tensor embedded = words.embedding(target, -1);
      UnaryOperator<Tensor> scores = score.over(annotations);
      Tensor firstBackward = annotations.narrow(1, 0, 1).narrow(2, hidden, hidden);
      Tensor s = firstBackward.linear(start, null).tanh();
      List<Tensor> logits = new ArrayList<>();
      List<Tensor> states = new ArrayList<>();
      List<Tensor> weights = new ArrayList<>();
      for (int step = 0; step < target.size(1); step++) {
        Tensor e = embedded.narrow(1, step, 1);
        Alignment alignment = Alignment.of(scores.apply(s).softmax(-1), annotations);
        Tensor c = alignment.context();
        logits.add(read(e, s, c));
        s = next(e, s, c);
        states.add(s);
        weights.add(alignment.weights());
      }
      return new Decoded(Tensor.cat(logits, 1), Tensor.cat(states, 1), Tensor.cat(weights, 1));
    });
  }

  private Tensor next(Tensor e, Tensor s, Tensor c) {
    Tensor z = update.apply(e, s, c).sigmoid();
    Tensor r = reset.apply(e, s, c).sigmoid();
    Tensor proposal = candidate.apply(e, r.mul(s), c).tanh();
    return s.add(z.mul(proposal.sub(s)));
  }

  private Tensor read(Tensor e, Tensor s, Tensor c) {
    Tensor pairs = readout.apply(e, s, c).unflatten(-1, -1, 2);
    return pairs.amax(-1, false).linear(output, null);
  }
}
