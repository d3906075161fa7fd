package dev.heed.model.recurrent;

import dev.heed.attention.MixerSwap;
import dev.heed.model.DecoderStart;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Weights;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;

/**
 * A recurrent encoder and decoder with attention between them, as a model like any other. It keeps
 * nothing between calls: what was written so far is read again for each token.
 *
 * <p>Takes {@code input_ids}, {@code attention_mask} and {@code decoder_input_ids} or {@code
 * labels}; gives {@code logits}, {@code loss} and, if weights are wanted, {@code
 * cross_attentions.0} {@code [B, 1, T, S]}.
 */
final class RecurrentTranslator extends Model {
  private final Network network;
  private final DecoderStart start;

  /** A network, and what it is given to begin with. */
  RecurrentTranslator(Weights weights, Network network, RecurrentTranslatorConfig config) {
    super(weights);
    this.network = network;
    this.start = DecoderStart.of(config.decoderStartTokenId(), config.padTokenId());
  }

  /** Reads and writes. */
  interface Network {
    /**
     * Scores known words.
     *
     * @param source i64 {@code [B, S]}
     * @param lengths i64 {@code [B]}, each in [1, S]
     * @param target i64 {@code [B, T]}, the words fed in
     */
    Scored apply(Tensor source, Tensor lengths, Tensor target);

    /** The table of the words that are written, {@code [vocabulary, H]}. */
    Tensor table();
  }

  /**
   * What a network gives.
   *
   * @param logits {@code [B, T, vocabulary]}, up to a number for each place
   * @param weights where each step looked, {@code [B, T, S]}
   */
  record Scored(Tensor logits, Tensor weights) {}

  @Override
  protected void run(Run run) {
    Tensor source = run.input().require("input_ids");
    Tensor mask = run.input().truth("attention_mask");
    Tensor target = start.ids(run.input());
    Tensor lengths =
        mask == null
            ? Tensor.full(Shape.of(source.size(0)), source.size(1), DType.I64)
            : mask.to(DType.I64).sum(1, false);
    Scored scored = network.apply(source, lengths, target);
    run.weights("cross_attentions", scored.weights().unsqueeze(1));
    boolean last = run.input().flag(LanguageHead.LAST_ONLY, false);
    Tensor logits = scored.logits();
    run.put("logits", last ? logits.narrow(1, logits.size(1) - 1, 1) : logits);
    Tensor labels = run.input().get("labels");
    if (labels != null) {
      run.put("loss", CrossEntropy.smoothed(0).apply(logits.flatten(0, 1), labels.flatten(0, 1)));
    }
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER_DECODER;
  }

  @Override
  public Tensor tokenTable() {
    return network.table();
  }

  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException(
        "mixers: expected a model of layers, got a recurrent translator, whose networks are one");
  }
}
