package dev.heed.attention.additive;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Luong's attention over a recurrent encoder's states: {@code a = softmax(score(q, h))}, {@code
 * attentional = tanh(W [a · h; q])}.
 *
 * <p>Source: Luong, Pham, Manning, "Effective approaches to attention-based neural machine
 * translation", 2015, section 3. Parameters are named as in OpenNMT-py: {@code linear_in} for
 * {@link Score#GENERAL}; {@code linear_query}, {@code linear_context}, {@code v} for {@link
 * Score#ADDITIVE}; {@code attn}, {@code v} for {@link Score#CONCAT}; {@code linear_out} W.
 */
public final class LuongAttention extends Module {
  /** How query and key are compared. */
  public enum Score {
    /** {@code q · h}. */
    DOT,
    /** {@code (W q) · h}. */
    GENERAL,
    /** {@code v · tanh(W [q; h] + b)}. */
    CONCAT,
    /** {@code v · tanh(W q + b + U h)}; the output map then has a bias and no tanh. */
    ADDITIVE
  }

  /** Which part of the source a query sees. */
  public enum Locality {
    /** All of it. */
    GLOBAL,
    /** A window that moves on with the target. */
    LOCAL_M,
    /** A window that the query predicts. */
    LOCAL_P
  }

  /**
   * The options.
   *
   * @param size of queries and source states
   * @param reach D, half the window, from 1; not used by {@link Locality#GLOBAL}
   */
  public record Config(long size, Score score, Locality locality, long reach) {
    /** Global attention. */
    public static Config global(long size, Score score) {
      return new Config(size, score, Locality.GLOBAL, 0);
    }
  }

  /**
   * What a step gives.
   *
   * @param output the attentional state, {@code [B, Tq, size]}
   * @param alignment where the queries looked, and what they read
   */
  public record Attended(Tensor output, Alignment alignment) {}

  private final AlignmentScore score;
  private final @Nullable LocalAlignment local;
  private final Linear output;
  private final boolean squash;

  /** Builds the maps that the configuration asks for. */
  public LuongAttention(Weights weights, Config config) {
    super(weights);
    this.score = score(weights, config.score(), config.size());
    this.local =
        switch (config.locality()) {
          case GLOBAL -> null;
          case LOCAL_M -> LocalAlignment.monotonic(config.reach());
          case LOCAL_P -> LocalAlignment.predictive(weights, config.reach(), config.size());
        };
    this.squash = config.score() != Score.ADDITIVE;
    this.output = Linear.of(weights.child("linear_out"), 2 * config.size(), config.size(), !squash);
  }

  private static AlignmentScore score(Weights weights, Score kind, long size) {
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(size));
    return switch (kind) {
      case DOT -> AlignmentScore.dot();
      case GENERAL ->
          AlignmentScore.general(Linear.of(weights.child("linear_in"), size, size, false));
      case CONCAT ->
          AlignmentScore.concat(
              Linear.of(weights.child("attn"), 2 * size, size),
              weights.parameter("v", uniform, size));
      case ADDITIVE ->
          AlignmentScore.additive(
              Linear.of(weights.child("linear_query"), size, size),
              Linear.of(weights.child("linear_context"), size, size, false),
              weights.child("v").parameter("weight", uniform, 1, size));
    };
  }

  /** The window of local attention, or null when it is global. */
  public @Nullable LocalAlignment local() {
    return local;
  }

  /**
   * Reads a source.
   *
   * @param query the decoder's states, {@code [B, Tq, size]}
   * @param memory the encoder's states, {@code [B, S, size]}
   * @param lengths i64 {@code [B]}: how much of each source there is
   * @param firstStep the target step of the first query, from 0; only local-m looks at it
   */
  public Attended apply(Tensor query, Tensor memory, Tensor lengths, long firstStep) {
    return TensorScope.run(() -> over(memory, lengths, firstStep).apply(query));
  }

  /** Prepares a source once for many queries; see {@link #apply}. */
  public Function<Tensor, Attended> over(Tensor memory, Tensor lengths, long firstStep) {
    UnaryOperator<Tensor> scores = score.over(memory);
    Tensor within = Alignment.within(lengths, memory.size(1));
    return query -> {
      Tensor raw = scores.apply(query);
      Tensor weights =
          local == null
              ? Alignment.softmax(raw, within)
              : local.weights(raw, query, lengths, firstStep);
      Alignment alignment = Alignment.of(weights, memory);
      Tensor state = output.apply(Tensor.cat(java.util.List.of(alignment.context(), query), -1));
      return new Attended(squash ? state.tanh() : state, alignment);
    };
  }
}
