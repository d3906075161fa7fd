package dev.heed.explain;

import dev.heed.fixture.RecordedModels;
import dev.heed.model.ModelFiles;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertForSequenceClassification;
import dev.heed.model.bert.BertInput;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The recorded classifier that explanations are about. */
final class ExplainedBert implements AutoCloseable {
  private final BertConfig config;
  private final BertForSequenceClassification model;

  ExplainedBert(String name, DType dtype) {
    ModelFiles files = RecordedModels.named(name);
    config = files.config(BertConfig.defaults());
    try (var source = files.weights()) {
      model = new BertForSequenceClassification(Weights.from(source, dtype), config);
    }
  }

  int heads() {
    return config.numAttentionHeads();
  }

  double epsilon() {
    return config.layerNormEps();
  }

  int padding() {
    return Math.toIntExact(Objects.requireNonNull(config.padTokenId()));
  }

  /** The full names of a point of all layers. */
  List<String> points(String name) {
    return IntStream.range(0, config.numHiddenLayers())
        .mapToObj(layer -> "bert.encoder.layer." + layer + "." + name)
        .toList();
  }

  Tensor parameter(String name) {
    Tensor found = model.parameters().get(name);
    if (found == null) {
      throw new IllegalArgumentException(name + " is none of " + model.parameters().keySet());
    }
    return found;
  }

  Tensor logits(Tensor ids, @Nullable Tensor mask, @Nullable Tensor types, Trace trace) {
    return model.apply(new BertInput(ids, mask == null ? null : mask.ne(0), types), trace).logits();
  }

  Tensor hidden(Tensor ids) {
    return model.apply(new BertInput(ids, null, null), Trace.NONE).encoder().hidden();
  }

  @Override
  public void close() {
    model.close();
  }
}
