package dev.heed.model;

import dev.heed.attention.MixerSwap;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among several texts: an encoder scores each by itself, and the scores of one question
 * stand side by side.
 *
 * <p>Inputs are those of the encoder with one more dimension, {@code input_ids} i64 {@code [B,
 * choices, T]}; {@code labels} i64 {@code [B]}. Gives {@code logits [B, choices]}; states and
 * weights are those of the {@code B · choices} texts.
 */
public final class MultipleChoiceModel extends Model {
  private static final String LABELS = "labels";
  private static final String LOGITS = "logits";

  private final EncoderModel encoder;

  /** Over an encoder whose head gives one score a text. */
  public MultipleChoiceModel(EncoderModel encoder) {
    super(encoder);
    this.encoder = encoder;
  }

  @Override
  public ModelKind kind() {
    return encoder.kind();
  }

  @Override
  public boolean definesPadding() {
    return encoder.definesPadding();
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return encoder.tokenTable();
  }

  @Override
  public MultipleChoiceModel withMixers(MixerSwap swap) {
    return new MultipleChoiceModel(encoder.withMixers(swap));
  }

  @Override
  protected void run(Run run) {
    Tensor ids = run.input().require("input_ids");
    if (ids.rank() != 3) {
      throw new IllegalArgumentException(
          "input_ids: expected [batch, choices, time], got " + ids.describe());
    }
    Map<String, Tensor> texts = new LinkedHashMap<>();
    for (String name : run.input().tensors().keySet()) {
      Tensor value = run.input().require(name);
      if (!name.equals(LABELS)) {
        texts.put(name, value.flatten(0, 1));
      }
    }
    ModelOutput output = encoder.apply(ModelInput.of(texts), run.trace(), run.wanted());
    Tensor scores = output.logits().view(ids.size(0), ids.size(1));
    output.values().forEach((name, value) -> run.put(name, name.equals(LOGITS) ? scores : value));
    Tensor labels = run.input().get(LABELS);
    if (labels != null) {
      run.put("loss", Loss.crossEntropy(scores, labels.flatten(0, -1)));
    }
  }
}
