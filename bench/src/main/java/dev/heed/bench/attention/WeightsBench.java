package dev.heed.bench.attention;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.AttentionWeights;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.cli.HeedCommand;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times reading exact weights on demand against the forward pass that they belong to. */
@Command(
    name = "weights",
    description = "Exact weights of chosen rows, against the forward pass they belong to.",
    footer = "%nExample: heed bench weights --length 16384 --rows 64 --threads 1")
public final class WeightsBench extends HeedCommand {
  private static final int WIDTH = 64;

  @Option(names = "--length", description = "Tokens (default: ${DEFAULT-VALUE}).")
  private int length = 16_384;

  @Option(names = "--rows", description = "Rows to read (default: ${DEFAULT-VALUE}).")
  private int rows = 64;

  @Override
  protected int run() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(3)) {
      Tensor q = Tensor.randn(generator, 1, 1, length, WIDTH);
      Tensor k = Tensor.randn(generator, 1, 1, length, WIDTH);
      Tensor v = Tensor.randn(generator, 1, 1, length, WIDTH);
      AttentionSpec spec = AttentionSpec.plain();
      AttentionWeights weights = ExactAttention.attend(q, k, v, spec).weights();
      int[] chosen = IntStream.range(0, rows).map(i -> (int) (i * 7919L % length)).toArray();
      List<Timing> times =
          new Interleaved(2, 4)
              .time(
                  List.of(
                      () -> ExactAttention.apply(q, k, v, spec).close(),
                      () -> weights.rows(0, 0, chosen).close()));
      double share = times.get(1).median() / times.get(0).median();
      if (json()) {
        printJson(Map.of("forward", times.get(0), "weights", times.get(1), "share", share));
      } else {
        out()
            .printf(
                Locale.ROOT,
                "forward %.1f ms; weights of %d rows %.2f ms: %.2f %%%n",
                times.get(0).median(),
                rows,
                times.get(1).median(),
                100 * share);
      }
    }
    return 0;
  }
}
