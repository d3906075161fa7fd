package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.AttentionMap.Unit;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.mixer.memory.CompressiveAttention;
import dev.heed.model.compressive.CompressiveTransformer;
import dev.heed.model.retro.Retro;
import dev.heed.model.retro.RetroConfig;
import dev.heed.model.transformerxl.TransformerXl;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models that are built by hand are seen into as those of a checkpoint are. */
@Tag("unit")
class ModelTraceTest {
  private static final int WORDS = 13;

  private final Generator random = new Generator(31);

  private Weights weights() {
    return Weights.initialise(random, DType.F64);
  }

  private Tensor words(long... sizes) {
    return Tensor.randint(random, WORDS, Shape.of(sizes));
  }

  /** Rows of weights sum to one, and what is put into a point changes what follows. */
  private static void isSeenInto(
      Function<Trace, Tensor> run, List<String> patterns, List<String> layers, String changed) {
    try (Trace trace = Trace.record(point -> true)) {
      Tensor plain = run.apply(trace);
      assertThat(trace.values().keySet()).containsAll(patterns).containsAll(layers);
      for (String pattern : patterns) {
        Tensor sums = trace.value(pattern).sum(-1, false);
        TensorAssert.assertClose(
            pattern, sums, Tensor.ones(sums.shape(), DType.F64), new Tolerance(1e-12, 1e-12));
      }
      TensorAssert.assertEqual(run.apply(Trace.NONE), plain);
      try (Trace change = Trace.changing().replace(changed, z -> z.mul(0))) {
        assertThat(run.apply(change).sub(plain).abs().max().item()).isGreaterThan(1e-6);
      }
    }
  }

  @Test
  void a_transformer_xl() {
    try (TensorScope scope = TensorScope.open();
        TransformerXl model =
            new TransformerXl(weights(), new TransformerXl.Config(WORDS, 2, 2, 14, 7, 23, 6))) {
      Tensor tokens = words(2, 5);
      isSeenInto(
          trace -> model.apply(tokens, model.noMemory(2), trace).logits(),
          List.of("layers.0.dec_attn.pattern", "layers.1.dec_attn.pattern"),
          List.of("layers.0.resid_post", "layers.1.resid_post"),
          "layers.0.dec_attn.z");
    }
  }

  @Test
  void a_compressive_transformer() {
    try (TensorScope scope = TensorScope.open();
        CompressiveTransformer model =
            new CompressiveTransformer(
                weights(),
                new CompressiveTransformer.Config(
                    WORDS,
                    14,
                    2,
                    6,
                    new CompressiveAttention.Size(14, 2, 6, 4, 2),
                    false,
                    false))) {
      List<CompressiveAttention.Memory> before = model.apply(words(2, 6), List.of()).memories();
      Tensor tokens = words(2, 6);
      isSeenInto(
          trace -> model.apply(tokens, before, trace).logits(),
          List.of("attn_layers.0.fn.fn.pattern", "attn_layers.1.fn.fn.pattern"),
          List.of("layers.0.resid_post", "layers.1.resid_post"),
          "attn_layers.0.fn.fn.z");
    }
  }

  @Test
  void a_retro_and_what_each_chunk_takes_from_its_neighbours() {
    int chunk = 4;
    try (TensorScope scope = TensorScope.open();
        Retro model =
            new Retro(
                weights(),
                new RetroConfig(
                    WORDS + 1, 16, 16, 1, 2, Set.of(1, 2), 2, 8, 4, chunk, 12, WORDS, false));
        Trace trace = Trace.record(AttentionMap::needs)) {
      Tensor tokens = words(1, 11);
      Tensor near = words(1, 2, 2, 2 * chunk);
      String across = "decoder.layers.1.1.fn.cross_attn.pattern";
      isSeenInto(
          given -> model.apply(tokens, near, given),
          List.of("decoder.layers.0.0.fn.pattern", across, "encoder.layers.0.1.fn.pattern"),
          List.of("decoder.layers.1.resid_post", "encoder.layers.0.resid_post"),
          "decoder.layers.1.1.fn.cross_attn.z");
      model.apply(tokens, near, trace);
      AttentionMap second =
          AttentionMap.across(
              places("token", chunk, 2 * chunk - 1),
              places("retrieved", 1 + 2 * 2 * chunk, -1),
              new float[][][][] {AttentionMap.heads(trace.value(across).narrow(0, 1, 1))});
      assertThat(second.queryLabels()).containsExactly("token 7", "token 8", "token 9", "token 10");
      double sum = 0;
      for (float weight : second.row(0, 1, 3)) {
        sum += weight;
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
  }

  private static List<Unit> places(String name, int count, int first) {
    return IntStream.range(0, count)
        .mapToObj(i -> Unit.place(name + ' ' + (first + i), i))
        .toList();
  }
}
