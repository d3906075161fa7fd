package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.additive.LuongDecoder;
import dev.heed.fixture.Overfit;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.mixer.memory.CompressiveAttention;
import dev.heed.mixer.memory.CompressiveAttention.Memory;
import dev.heed.model.coatnet.CoAtNet;
import dev.heed.model.coatnet.CoAtNetConfig;
import dev.heed.model.compressive.CompressiveTransformer;
import dev.heed.model.tp.TpConfig;
import dev.heed.model.tp.TpTransformer;
import dev.heed.model.transformerxl.TransformerXl;
import dev.heed.model.universal.AdaptiveHalting;
import dev.heed.model.universal.UniversalConfig;
import dev.heed.model.universal.UniversalEncoder;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Small models overfit one batch, and causal ones see nothing that comes later. */
@Tag("integration")
class ModelLearningTest {
  private static final long WORDS = 11;

  private final Generator random = new Generator(53);

  private Weights weights(DType dtype) {
    return Weights.initialise(random, dtype);
  }

  private Tensor words(long... sizes) {
    return Tensor.randint(random, WORDS - 1, Shape.of(sizes)).add(1);
  }

  private TpTransformer tp(DType dtype) {
    return new TpTransformer(
        weights(dtype), new TpConfig(WORDS, 14, 2, 23, 1, 0, TpConfig.TargetPadding.KEYS));
  }

  @Test
  void a_tp_transformer_learns_to_copy() {
    try (TensorScope scope = TensorScope.open();
        TpTransformer model = tp(DType.F32)) {
      Tensor source = words(5, 6);
      Tensor fed = source.roll(1, 1);
      assertThat(
              Overfit.loss(
                  List.of(model),
                  () -> Overfit.crossEntropy(model.apply(source, fed, Trace.NONE), source),
                  150,
                  0.01))
          .isLessThan(0.1);
    }
  }

  @Test
  void its_decoder_sees_no_later_target() {
    try (TensorScope scope = TensorScope.open();
        TpTransformer model = tp(DType.F64)) {
      Tensor source = words(2, 5);
      Tensor target = words(2, 7);
      Tensor plain = model.apply(source, target, Trace.NONE);
      for (int at = 1; at < 7; at++) {
        Tensor other = target.copy();
        other.narrow(1, at, 7 - at).assign(words(2, 7 - at));
        assertPrefix(model.apply(source, other, Trace.NONE), plain, at);
      }
    }
  }

  private static void assertPrefix(Tensor actual, Tensor expected, int length) {
    TensorAssert.assertClose(
        actual.narrow(1, 0, length), expected.narrow(1, 0, length), new Tolerance(1e-12, 1e-12));
  }

  @Test
  void a_universal_transformer_that_halts_by_itself_learns_to_reverse() {
    try (TensorScope scope = TensorScope.open();
        UniversalEncoder model =
            new UniversalEncoder(
                weights(DType.F32),
                new UniversalConfig(13, 14, 23, 2, 1, 4, true, UniversalConfig.Variant.PAPER));
        Linear head = Linear.of(weights(DType.F32), 14, WORDS)) {
      Tensor words = words(5, 6);
      Tensor vectors = Tensor.randn(random, WORDS, 13).embedding(words, -1);
      Tensor reversed = words.flip(1);
      double loss =
          Overfit.loss(
              List.of(model, head),
              () ->
                  Overfit.crossEntropy(
                      head.apply(model.apply(vectors, Trace.NONE).output()), reversed),
              200,
              0.01);
      assertThat(loss).isLessThan(0.1);
      AdaptiveHalting.Pondering pondered = model.apply(vectors, Trace.NONE);
      assertThat(pondered.updates().min().item()).isGreaterThanOrEqualTo(1);
      assertThat(pondered.updates().max().item()).isLessThanOrEqualTo(4);
      assertThat(pondered.remainders().max().item()).isPositive();
    }
  }

  @Test
  void a_coatnet_tells_lines_from_columns() {
    try (TensorScope scope = TensorScope.open();
        CoAtNet model =
            new CoAtNet(
                weights(DType.F32),
                new CoAtNetConfig(
                    32,
                    1,
                    List.of(1, 1, 1, 1, 1),
                    List.of(5, 6, 7, 8, 10),
                    CoAtNetConfig.CCTT,
                    2,
                    3,
                    2))) {
      Tensor stripes =
          Tensor.arange(32, DType.I64)
              .remainder(4)
              .lt(2)
              .to(DType.F32)
              .reshape(1, 1, 32, 1)
              .expand(4, 1, 32, 32);
      Tensor images =
          Tensor.cat(List.of(stripes, stripes.transpose(2, 3)), 0)
              .add(Tensor.randn(random, 8, 1, 32, 32).mul(0.3));
      Tensor labels = Tensor.of(new long[] {0, 0, 0, 0, 1, 1, 1, 1}, 8, 1);
      double loss =
          Overfit.loss(
              List.of(model),
              () -> Overfit.crossEntropy(model.apply(images, Trace.NONE).unsqueeze(1), labels),
              60,
              0.01);
      assertThat(loss).isLessThan(0.05);
    }
  }

  private TransformerXl xl(DType dtype) {
    return new TransformerXl(
        weights(dtype), new TransformerXl.Config((int) WORDS, 2, 2, 14, 7, 23, 6));
  }

  @Test
  void a_transformer_xl_repeats_what_only_its_memory_holds() {
    try (TensorScope scope = TensorScope.open();
        TransformerXl model = xl(DType.F32)) {
      Tensor first = words(5, 6);
      Tensor blank = Tensor.zeros(first.shape(), DType.I64);
      double loss =
          Overfit.loss(
              List.of(model),
              () -> {
                TransformerXl.Segment read = model.apply(first, model.noMemory(5));
                return Overfit.crossEntropy(model.apply(blank, read.memory()).logits(), first);
              },
              200,
              0.01);
      assertThat(loss).isLessThan(0.1);
    }
  }

  @Test
  void a_transformer_xl_sees_nothing_later() {
    try (TensorScope scope = TensorScope.open();
        TransformerXl model = xl(DType.F64)) {
      List<Tensor> memory = model.apply(words(2, 6), model.noMemory(2)).memory();
      Tensor words = words(2, 7);
      Tensor plain = model.apply(words, memory).logits();
      for (int at = 1; at < 7; at++) {
        Tensor other = words.copy();
        other.narrow(1, at, 7 - at).assign(words(2, 7 - at));
        assertPrefix(model.apply(other, memory).logits(), plain, at);
      }
    }
  }

  @Test
  void a_compressive_transformer_repeats_what_its_memories_hold() {
    try (TensorScope scope = TensorScope.open();
        CompressiveTransformer model = compressive(DType.F32)) {
      Tensor first = words(5, 6);
      Tensor blank = Tensor.zeros(first.shape(), DType.I64);
      double loss =
          Overfit.loss(
              List.of(model),
              () -> {
                List<Memory> memories = model.apply(first, List.of()).memories();
                CompressiveTransformer.Segment read = model.apply(blank, memories);
                return Overfit.crossEntropy(read.logits(), first).add(read.reconstruction());
              },
              200,
              0.01);
      assertThat(loss).isLessThan(0.15);
    }
  }

  private CompressiveTransformer compressive(DType dtype) {
    return new CompressiveTransformer(
        weights(dtype),
        new CompressiveTransformer.Config(
            (int) WORDS, 14, 2, 6, new CompressiveAttention.Size(14, 2, 6, 4, 2), false, false));
  }

  @Test
  void a_luong_decoder_learns_to_read_its_memory_in_order() {
    try (TensorScope scope = TensorScope.open();
        LuongDecoder decoder = new LuongDecoder(weights(DType.F32), WORDS, 13, 1)) {
      Tensor words = words(5, 4);
      Tensor memory =
          Tensor.randn(random, WORDS, 13).embedding(words, -1).add(Tensor.randn(random, 1, 4, 13));
      Tensor blank = Tensor.zeros(words.shape(), DType.I64);
      Tensor start = Tensor.zeros(Shape.of(1, 5, 13), DType.F32);
      double loss =
          Overfit.loss(
              List.of(decoder),
              () ->
                  Overfit.crossEntropy(
                      decoder.apply(blank, memory, null, start).probabilities().log(), words),
              200,
              0.02);
      assertThat(loss).isLessThan(0.1);
    }
  }
}
