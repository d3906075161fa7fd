package dev.heed.model.bert;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.MaskedMixer;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.mixer.linear.LinearAttention;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** Any mixer can stand in any layer of a model. */
@Tag("unit")
class SwappedMixersTest {
  private static final String CONFIG =
      """
      {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 37, "hidden_size": 15,
       "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 19,
       "max_position_embeddings": 13, "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0}\
      """;

  private static Model model(Generator generator) {
    ModelConfig config = new ModelConfig("test", JsonMapper.shared().readTree(CONFIG));
    return ModelFamilies.of(config)
        .builder()
        .build(Weights.initialise(generator, DType.F64), config);
  }

  private static Tensor hidden(Model model, boolean padded) {
    Tensor ids = Tensor.of(new long[] {5, 9, 2, 31, 8, 36, 11, 3, 7, 1, 4, 30, 2, 29}, 2, 7);
    Tensor there = Tensor.arange(7, DType.I64).lt(Tensor.of(new long[] {7, 5}, 2, 1));
    ModelInput input = ModelInput.of("input_ids", ids);
    return model
        .apply(padded ? input.with("attention_mask", there) : input)
        .require("last_hidden_state");
  }

  @Test
  void what_changes_nothing_changes_nothing() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(3);
        Model model = model(generator)) {
      Tensor expected = hidden(model, true);
      List<MixerSwap> swaps =
          List.of(
              (layer, own) -> own,
              (layer, own) -> own.with(new ScaledDotProduct()),
              (layer, own) -> new MaskedMixer(own, length -> AttentionMask.window(6, 6)));
      for (MixerSwap swap : swaps) {
        assertClose(hidden(model.withMixers(swap), true), expected);
      }
    }
  }

  /** A trained layer read by another mechanism: its projections stay. */
  @Test
  void one_layer_reads_by_features() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(5);
        Model model = model(generator)) {
      Tensor before = hidden(model, true);
      Model swapped =
          model.withMixers((layer, own) ->
              layer == 1 ? own.with(LinearAttention.transformer(false).mechanism()) : own);
      assertThat(hidden(swapped, true).sub(before).abs().max().item()).isGreaterThan(1e-6);
      assertThat(swapped.parameters()).isEqualTo(model.parameters());
      assertEqual(hidden(model, true), before);
    }
  }

  /** The mixers of one model, with parameters of their own. */
  private static final class Mixers extends Module {
    private final List<SequenceMixer> layers;

    Mixers(Weights weights, MixerEntry entry) {
      super(weights);
      MixerShape shape =
          MixerShape.of(15, 3, 13)
              .withCausal(!entry.direction().allows(false))
              .withWindow(3)
              .withBlock(2)
              .withFeatures(5)
              .withState(4);
      layers = Stream.of(0, 1).map(i -> entry.build(weights.child("layer", i), shape)).toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> every_mixer_stands_in_every_layer_and_learns_there() {
    return MixerCatalogue.entries().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> standsInEveryLayer(entry)));
  }

  private static void standsInEveryLayer(MixerEntry entry) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(7);
        Model model = model(generator);
        Mixers mixers = new Mixers(Weights.initialise(generator, DType.F64), entry)) {
      Model swapped = model.withMixers((layer, own) -> mixers.layers.get(layer));
      Tensor hidden = hidden(swapped, entry.padding());
      assertThat(hidden.isFinite().all().itemLong()).isEqualTo(1);
      List<Tensor> learned = List.copyOf(mixers.trainable().values());
      List<Tensor> gradients = Gradients.of(hidden.pow(3).sum(), learned);
      long reached = gradients.stream().filter(gradient -> gradient.abs().max().item() > 0).count();
      assertThat(reached).as("parameters with a gradient").isGreaterThan(learned.size() / 2);
    }
  }
}
