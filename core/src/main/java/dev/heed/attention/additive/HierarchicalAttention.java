package dev.heed.attention.additive;

import dev.heed.nn.Gru;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Reads a document as sentences of words: words attended to make a sentence's vector, sentences
 * attended to the document's, each after a GRU that runs both ways (Yang et al. 2016, "Hierarchical
 * attention networks for document classification", section 2.2).
 *
 * <p>Parameters: {@code words.encoder}, {@code words.attention}, {@code sentences.encoder}, {@code
 * sentences.attention}.
 */
public final class HierarchicalAttention extends Module {
  /**
   * What a document amounts to.
   *
   * @param output {@code [B, 2 · hidden]}
   * @param words the weight of each word within its sentence, {@code [B, S, W]}
   * @param sentences the weight of each sentence, {@code [B, S]}
   */
  public record Reading(Tensor output, Tensor words, Tensor sentences) {
    /** The share of each word in the document: its weight times its sentence's. */
    public Tensor shares() {
      return TensorScope.run(() -> words.mul(sentences.unsqueeze(-1)));
    }
  }

  private final Level words;
  private final Level sentences;

  /**
   * Builds both levels.
   *
   * @param size of the words' vectors
   * @param hidden of each direction of the GRUs
   */
  public HierarchicalAttention(Weights weights, long size, long hidden) {
    super(weights);
    this.words = new Level(weights.child("words"), size, hidden);
    this.sentences = new Level(weights.child("sentences"), 2 * hidden, hidden);
  }

  /**
   * Reads documents.
   *
   * @param x the words' vectors, {@code [B, S, W, size]}
   * @param lengths how many words each sentence has, i64 {@code [B, S]} in {@code [0, W]}; 0 for a
   *     sentence that is not there
   * @throws ShapeException if the lengths do not fit
   */
  public Reading apply(Tensor x, Tensor lengths) {
    requireFit(x, lengths);
    return TensorScope.run(() -> {
      long most = x.size(1);
      ContextAttention.Summary ofWords =
          words.read(x.flatten(0, 1), lengths.flatten(0, 1)); // [B · S, W, …]
      Tensor each = ofWords.output().unflatten(0, -1, most); // [B, S, 2 · hidden]
      Tensor there = lengths.gt(0);
      ContextAttention.Summary ofSentences = sentences.read(each, there, last(there));
      return new Reading(
          ofSentences.output(), ofWords.weights().unflatten(0, -1, most), ofSentences.weights());
    });
  }

  /** How many sentences there are up to the last one that has words, i64 {@code [B]}. */
  private static Tensor last(Tensor there) {
    Tensor numbers = Tensor.arange(there.size(1), DType.I64).add(1);
    return numbers.mul(there.to(DType.I64)).amax(-1, false);
  }

  private static void requireFit(Tensor x, Tensor lengths) {
    if (x.rank() != 4
        || !lengths.shape().equals(Shape.of(x.size(0), x.size(1)))
        || lengths.lt(0).or(lengths.gt(x.size(2))).any().itemLong() != 0) {
      throw new ShapeException(
          "hierarchical attention: expected words [B, S, W, size] and lengths [B, S] from 0 to W,"
              + " got "
              + x.describe()
              + " and "
              + lengths.describe()
              + "; a length counts the words of one sentence");
    }
  }

  /** One level: a GRU both ways, and the question to its states. */
  private static final class Level {
    private final long hidden;
    private final Gru encoder;
    private final ContextAttention attention;

    Level(Weights weights, long size, long hidden) {
      this.hidden = hidden;
      this.encoder = new Gru(weights.child("encoder"), size, hidden, new Layout(1, true));
      this.attention = new ContextAttention(weights.child("attention"), 2 * hidden, 2 * hidden);
    }

    /** Of {@code [B, T, size]}, whose first tokens are there. */
    ContextAttention.Summary read(Tensor x, Tensor lengths) {
      return read(x, Alignment.within(lengths, x.size(1)).squeeze(1), lengths);
    }

    /** The GRU runs over the first {@code lengths}; of these the attention sees those there. */
    ContextAttention.Summary read(Tensor x, Tensor there, Tensor lengths) {
      Tensor none = Tensor.zeros(Shape.of(2, x.size(0), hidden), x.dtype());
      // A sequence has at least one step; that of an empty one is not attended to.
      Tensor steps = lengths.clamp(1, x.size(1));
      return attention.apply(encoder.apply(x, none, steps).outputs(), there);
    }
  }
}
