package dev.heed.bench.attention;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Backend;
import dev.heed.tensor.FusedAttention;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The forward pass under JMH: its own process for each row, garbage by {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"})
public class ExactAttentionJmh {
  private static final int WIDTH = 64;

  /** Heads and tokens. */
  @Param({"96x128", "12x512", "12x2048"})
  public String shape = "";

  /** Whether a query sees only keys up to itself. */
  @Param({"false", "true"})
  public boolean causal;

  /** Threads of both contestants. */
  @Param("1")
  public int threads;

  private @Nullable Inputs inputs;

  private record Inputs(TensorScope scope, Tensor q, Tensor k, Tensor v, AttentionSpec spec) {}

  /** Makes the tensors. */
  @Setup(Level.Trial)
  public void open() {
    Backend.threads(threads);
    TensorScope scope = TensorScope.open();
    String[] sizes = shape.split("x", -1);
    int heads = Integer.parseInt(sizes[0]);
    int length = Integer.parseInt(sizes[1]);
    AttentionSpec spec = AttentionSpec.plain().withMask(causal ? AttentionMask.causal() : null);
    try (Generator generator = new Generator(7)) {
      Tensor q = Tensor.randn(generator, 1, heads, length, WIDTH);
      Tensor k = Tensor.randn(generator, 1, heads, length, WIDTH);
      Tensor v = Tensor.randn(generator, 1, heads, length, WIDTH);
      inputs = new Inputs(scope, q, k, v, spec);
    }
  }

  private Inputs inputs() {
    return Objects.requireNonNull(inputs);
  }

  /** Frees the tensors. */
  @TearDown(Level.Trial)
  public void close() {
    inputs().scope().close();
  }

  /** Heed's kernel. */
  @Benchmark
  public void heed() {
    Inputs in = inputs();
    ExactAttention.apply(in.q(), in.k(), in.v(), in.spec()).close();
  }

  /** LibTorch's fused kernel. */
  @Benchmark
  public void libTorch() {
    Inputs in = inputs();
    FusedAttention.apply(in.q(), in.k(), in.v(), null, causal, 1 / Math.sqrt(WIDTH)).close();
  }
}
