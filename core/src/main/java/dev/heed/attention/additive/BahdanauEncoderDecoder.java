package dev.heed.attention.additive;

import dev.heed.nn.Embedding;
import dev.heed.nn.Gru;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * A translator of recurrent networks: a bidirectional GRU reads the source, a {@link
 * BahdanauDecoder} writes the target.
 *
 * <p>Source: Bahdanau, Cho, Bengio 2015. Parameters are named as in "The annotated
 * encoder-decoder": {@code src_embed}, {@code trg_embed}, {@code encoder.rnn}, {@code decoder},
 * {@code generator.proj}.
 */
public final class BahdanauEncoderDecoder extends Module {
  /**
   * The options.
   *
   * @param sourceVocabulary how many source words there are
   * @param targetVocabulary how many target words there are
   * @param embedding size of a word's vector
   * @param hidden size of a state, of one direction
   * @param layers of encoder and of decoder
   */
  public record Config(
      long sourceVocabulary, long targetVocabulary, long embedding, long hidden, int layers) {}

  /**
   * What the encoder gives.
   *
   * @param states forward and backward, {@code [B, S, 2 · hidden]}; zero beyond a length
   * @param last the last forward and the first backward states, {@code [layers, B, 2 · hidden]}
   */
  public record Encoded(Tensor states, Tensor last) {}

  /**
   * What translation gives.
   *
   * @param logProbabilities of the next word, {@code [B, T, target vocabulary]}
   * @param decoded the decoder's states and weights
   */
  public record Translated(Tensor logProbabilities, BahdanauDecoder.Decoded decoded) {}

  private final Config config;
  private final Embedding sourceWords;
  private final Embedding targetWords;
  private final Gru encoder;
  private final BahdanauDecoder decoder;
  private final Linear projection;

  /** Builds both networks. */
  public BahdanauEncoderDecoder(Weights weights, Config config) {
    super(weights);
    this.config = config;
    long embedding = config.embedding();
    long hidden = config.hidden();
    this.sourceWords =
        new Embedding(weights.child("src_embed"), config.sourceVocabulary(), embedding, -1);
    this.targetWords =
        new Embedding(weights.child("trg_embed"), config.targetVocabulary(), embedding, -1);
    this.encoder =
        new Gru(weights.child("encoder.rnn"), embedding, hidden, new Layout(config.layers(), true));
    this.decoder =
        new BahdanauDecoder(weights.child("decoder"), embedding, hidden, config.layers());
    this.projection =
        Linear.of(weights.child("generator.proj"), hidden, config.targetVocabulary(), false);
  }

  /** The table of the target's words, {@code [target vocabulary, embedding]}. */
  public Tensor targetTable() {
    return targetWords.weight();
  }

  /**
   * Reads the source.
   *
   * @param source i64 {@code [B, S]}
   * @param lengths i64 {@code [B]}, each in [1, S]
   */
  public Encoded encode(Tensor source, Tensor lengths) {
    return TensorScope.run(() -> {
      Tensor embedded = sourceWords.apply(source);
      Shape first = Shape.of(2L * config.layers(), source.size(0), config.hidden());
      States states = encoder.apply(embedded, Tensor.zeros(first, embedded.dtype()), lengths);
      Tensor last = states.hidden().unflatten(0, config.layers(), 2);
      return new Encoded(
          states.outputs(), Tensor.cat(List.of(last.select(1, 0), last.select(1, 1)), -1));
    });
  }

  /**
   * Scores known words.
   *
   * @param source i64 {@code [B, S]}
   * @param lengths i64 {@code [B]}, each in [1, S]
   * @param target i64 {@code [B, T]}, the words fed in
   */
  public Translated apply(Tensor source, Tensor lengths, Tensor target) {
    return TensorScope.run(() -> {
      Encoded encoded = encode(source, lengths);
      BahdanauDecoder.Decoded decoded =
          decoder.apply(
              targetWords.apply(target),
              encoded.states(),
              encoded.last(),
              Alignment.within(lengths, source.size(1)));
      return new Translated(projection.apply(decoded.preOutput()).logSoftmax(-1), decoded);
    });
  }
}
