package dev.heed.model.bert;

import dev.heed.nn.Activation;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * BERT's two training tasks (Devlin et al. 2019, section 3.1): which word a mask hides, and whether
 * the second sentence follows the first.
 */
public final class BertForPreTraining extends Module {
  private final BertModel bert;
  private final Linear transform;
  private final Activation activation;
  private final LayerNorm norm;
  private final Linear decoder;
  private final Linear nextSentence;

  /** Builds encoder and heads from the root of a checkpoint. */
  public BertForPreTraining(Weights weights, BertConfig config) {
    super(weights);
    int size = config.hiddenSize();
    bert = new BertModel(weights.child("bert"), config, true);
    Weights head = weights.child("cls.predictions");
    transform = Linear.of(head.child("transform.dense"), size, size);
    norm = new LayerNorm(head.child("transform.LayerNorm"), size, config.layerNormEps());
    activation = Activation.named(config.hiddenAct());
    decoder =
        Linear.tied(
            head.child("decoder"),
            bert.wordTable(),
            head.parameter("bias", Initializer.ZEROS, config.vocabSize()));
    // Some checkpoints store the tied tensors again.
    head.ignore("decoder.weight", "decoder.bias");
    nextSentence = Linear.of(weights.child("cls.seq_relationship"), size, 2);
  }

  /**
   * What the heads give.
   *
   * @param encoder the encoder's own output
   * @param words logits of the vocabulary {@code [B, T, vocab]}
   * @param nextSentence logits {@code [B, 2]}: it follows, it does not
   */
  public record Output(BertOutput encoder, Tensor words, Tensor nextSentence) {
    /**
     * The sum of both tasks' mean cross entropies.
     *
     * @param labels the hidden words, i64 {@code [B, T]}, -100 where none is asked
     * @param follows i64 {@code [B]}: 0 if the second sentence follows, else 1
     */
    public Tensor loss(Tensor labels, Tensor follows) {
      return TensorScope.run(() ->
          Loss.crossEntropy(words.flatten(0, 1), labels.flatten(0, 1))
              .add(Loss.crossEntropy(nextSentence, follows)));
    }
  }

  /** Runs encoder and heads. */
  public Output apply(BertInput input, Trace trace) {
    return TensorScope.run(() -> {
      BertOutput encoded = bert.apply(input, trace);
      Tensor transformed = norm.apply(activation.apply(transform.apply(encoded.hidden())));
      return new Output(
          encoded, decoder.apply(transformed), nextSentence.apply(encoded.requirePooled()));
    });
  }
}
