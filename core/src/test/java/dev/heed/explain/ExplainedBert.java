package dev.heed.explain;

import dev.heed.fixture.RecordedModels;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.bert.BertConfig;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The recorded classifier that explanations are about. */
final class ExplainedBert implements AutoCloseable {
  private final BertConfig config;
  private final Model model;

  ExplainedBert(String name, DType dtype) {
    ModelFiles files = RecordedModels.named(name);
    config = new ModelConfig(files.describe(), files.json()).read(BertConfig.class);
    model = ModelLoader.of(files).as(dtype).load();
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
    ModelInput input =
        ModelInput.of("input_ids", ids).with("attention_mask", mask).with("token_type_ids", types);
    return model.apply(input, trace).logits();
  }

  Tensor hidden(Tensor ids) {
    return model.apply(ModelInput.of("input_ids", ids)).lastHiddenState();
  }

  @Override
  public void close() {
    model.close();
  }
}
