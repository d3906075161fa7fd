package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.adapt.AdapterFolder;
import dev.heed.adapt.LoraConfig;
import dev.heed.adapt.LowRankAdaptation;
import dev.heed.adapt.PrefixTuning;
import dev.heed.adapt.PrefixTuning.Layout;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.fixture.PageLines;
import dev.heed.fixture.RecordedModels;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Linear;
import dev.heed.nn.ReversibleSequence;
import dev.heed.nn.ReversibleSequence.Block;
import dev.heed.nn.ReversibleSequence.Part;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of pages in docs/mechanisms: each runs, and its lines are those of the page. */
@Tag("integration")
class PageExamplesTest {
  @TempDir Path folder;

  private final Generator generator = new Generator(7);

  private static Model bert() {
    return ModelLoader.of(RecordedModels.named("bert")).bare().load();
  }

  private static ModelInput input() {
    return ModelInput.of("input_ids", Tensor.of(new long[] {5, 9, 2}, 1, 3));
  }

  private static void train(Map<String, Tensor> parameters, Supplier<ModelOutput> output) {
    Tensor loss = output.get().require("last_hidden_state").square().mean();
    List<Tensor> gradients = Gradients.of(loss, List.copyOf(parameters.values()));
    assertThat(gradients).hasSameSizeAs(parameters.values()).isNotEmpty();
  }

  @Test
  void lora() {
    try (TensorScope scope = TensorScope.open();
        Model model = bert()) {
      ModelInput input = input();
      // lora
      LoraConfig config = new LoraConfig(8, 16, "*.attention.self.{query,value}");
      try (LowRankAdaptation lora = LowRankAdaptation.attach(model, config, generator)) {
        train(lora.trainable(), () -> model.apply(input, Trace.NONE));
        AdapterFolder.save(folder, lora);
        lora.merge();
      }
      // end
      assertThat(folder.resolve("adapter_config.json")).exists();
    }
  }

  @Test
  void prefix() {
    Weights weights = Weights.initialise(generator, DType.F32);
    try (TensorScope scope = TensorScope.open();
        Model model = bert()) {
      ModelInput input = input();
      // prefix-tuning
      PrefixTuning prefix = new PrefixTuning(weights, Layout.of(model, 5, 64));
      try (Trace trace = prefix.into(model, Trace.training(generator))) {
        train(prefix.trainable(), () -> model.apply(input, trace));
      }
      // end
      prefix.close();
    }
  }

  @Test
  void checkpoint() {
    try (TensorScope scope = TensorScope.open();
        Model bert = bert();
        Linear block = Linear.of(Weights.initialise(generator, DType.F32), 32, 32)) {
      ModelInput input = input();
      // gradient-checkpointing
      Trace trace = Trace.training(generator).checkpointing();
      Tensor hidden = bert.apply(input, trace).require("last_hidden_state");
      Tensor y = GradientCheckpoint.apply(block, hidden, block::apply);
      // end
      assertThat(y.requiresGrad()).isTrue();
    }
  }

  @Test
  void reversible() {
    Weights root = Weights.initialise(generator, DType.F32);
    Weights weights = root.child("f");
    Weights second = root.child("g");
    try (TensorScope scope = TensorScope.open();
        MultiHeadAttention attention =
            new MultiHeadAttention(weights, HeadProjections.of(weights, 10), 2)) {
      Linear inner = Linear.of(second.child("inner"), 10, 13);
      Linear outer = Linear.of(second.child("outer"), 13, 10);
      FeedForward feedForward =
          new FeedForward(second, inner, outer, Activation.GELU, new Dropout(0));
      AttentionRequest plain = AttentionRequest.plain();
      Tensor twoStreams = Tensor.randn(generator, 2, 7, 20);
      // reversible-layers
      Part f = new Part(x -> attention.apply(x, plain).output(), attention.learning());
      Part g = new Part(x -> feedForward.apply(x, Trace.NONE), feedForward.learning());
      Tensor y = new ReversibleSequence(List.of(new Block(f, g))).apply(twoStreams);
      // end
      assertThat(y.requiresGrad()).isTrue();
      assertThat(f.parameters()).hasSize(8);
      assertThat(g.parameters()).hasSize(4);
      feedForward.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "prefix-tuning", "gradient-checkpointing", "reversible-layers"})
  void the_page_shows_these_lines(String name) {
    PageLines.assertShown(name, "model/PageExamplesTest.java");
  }
}
