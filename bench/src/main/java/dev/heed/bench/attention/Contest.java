package dev.heed.bench.attention;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.tensor.DType;
import dev.heed.tensor.FusedAttention;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The tensors of one case and the runs to be timed. */
final class Contest implements AutoCloseable {
  /** Scores that the plain formula may write down. */
  private static final long LARGEST_MATRIX = 64L << 20;

  private final TensorScope scope = TensorScope.open();
  private final AttentionCase row;
  private final AttentionSpec spec;
  private final Tensor q;
  private final Tensor k;
  private final Tensor v;
  private final Tensor outputGradient;
  private final @Nullable Tensor matrix;
  private final double scale;

  Contest(AttentionCase row) {
    this.row = row;
    this.scale = 1 / Math.sqrt(row.width());
    try (Generator generator = new Generator(7)) {
      q = random(generator, row.heads(), row.queries());
      k = random(generator, row.keyHeads(), row.keys());
      v = random(generator, row.keyHeads(), row.keys());
      outputGradient = random(generator, row.heads(), row.queries()).requiresGrad(false);
    }
    AttentionMask mask = row.mask();
    spec =
        AttentionSpec.plain()
            .withMask(mask)
            .withModifier(row.pattern() == Pattern.ALIBI ? Alibi.ofHeads(row.heads()) : null);
    matrix = row.pattern().isBuiltIn() || !hasMatrix() ? null : matrix(mask);
  }

  private Tensor random(Generator generator, int heads, int length) {
    int sequences = row.sequences();
    Shape shape = Shape.of(sequences, heads / sequences, length, row.width());
    Tensor tensor = Tensor.randn(generator, shape, DType.F32);
    return tensor.to(row.dtype()).detach().requiresGrad(row.training());
  }

  private long scores() {
    return (long) row.heads() * row.queries() * row.keys();
  }

  private boolean hasMatrix() {
    return (long) row.queries() * row.keys() <= 4 * LARGEST_MATRIX;
  }

  /** What LibTorch takes in place of a pattern: truth values, or the biases of every head. */
  private Tensor matrix(@Nullable AttentionMask mask) {
    int length = row.keys();
    return mask == null ? biases() : mask.toTensor(row.sequences(), 1, length, length);
  }

  private Tensor biases() {
    Tensor slopes = Tensor.of(Alibi.slopes(row.heads()), 1, row.heads(), 1, 1);
    return TensorScope.run(() -> distances().mul(slopes.to(DType.F32)).mul(-1).to(row.dtype()));
  }

  private Tensor distances() {
    Tensor place = Tensor.arange(row.keys(), DType.F32);
    return place.unsqueeze(1).sub(place).abs();
  }

  /**
   * What a LibTorch program makes anew when lengths change: a row of padding to be broadcast, or a
   * matrix.
   */
  private Tensor made() {
    return switch (row.pattern()) {
      case ALIBI -> biases();
      case WINDOW -> distances().lt(Pattern.HALF_WINDOW + 0.5);
      case PADDING -> padding(row.keys() - row.keys() / 5);
      case RAGGED -> padding(Pattern.lengths(row.sequences(), row.keys()));
      default -> throw new IllegalStateException("no matrix for " + row.pattern());
    };
  }

  private Tensor padding(int... lengths) {
    double[] ends = IntStream.of(lengths).asDoubleStream().toArray();
    Tensor end = Tensor.of(ends, lengths.length, 1, 1, 1).to(DType.F32);
    return Tensor.arange(row.keys(), DType.F32).lt(end);
  }

  Runnable heed() {
    return () -> step(ExactAttention.apply(q, k, v, spec));
  }

  /** LibTorch's fused kernel, or null where its mask would not fit. */
  @Nullable Runnable libTorch() {
    if (!row.pattern().isBuiltIn() && matrix == null) {
      return null;
    }
    boolean causal = row.pattern() == Pattern.CAUSAL;
    return () -> step(FusedAttention.apply(q, k, v, matrix, causal, scale));
  }

  /**
   * LibTorch's fused kernel with the mask made in each call, or null where that is not compared.
   */
  @Nullable Runnable libTorchMaking() {
    if (!row.group().equals("masked")) {
      return null;
    }
    return () -> {
      try (TensorScope step = TensorScope.open()) {
        step(FusedAttention.apply(q, k, v, made(), false, scale));
      }
    };
  }

  /** The plain formula, or null where its scores would not fit. */
  @Nullable Runnable naive() {
    if (scores() > LARGEST_MATRIX || row.heads() != row.keyHeads() || row.dtype() != DType.F32) {
      return null;
    }
    Tensor bias = matrix == null || matrix.dtype() == DType.BOOL ? null : matrix;
    return () -> {
      try (TensorScope step = TensorScope.open()) {
        Tensor scores = q.matmul(k.transpose(2, 3)).mul(scale);
        step(scores(scores, bias).softmax(-1).matmul(v));
      }
    };
  }

  private Tensor scores(Tensor scores, @Nullable Tensor bias) {
    if (bias != null) {
      return scores.add(bias);
    }
    if (matrix != null) {
      return Tensor.where(matrix, scores, Tensor.scalar(-1e30, DType.F32));
    }
    if (row.pattern() != Pattern.CAUSAL) {
      return scores;
    }
    Tensor place = Tensor.arange(row.keys(), DType.F32);
    Tensor future = place.unsqueeze(1).sub(place).clamp(-1, 0).mul(1e30);
    return scores.add(future);
  }

  private void step(Tensor output) {
    try (output) {
      if (row.training()) {
        List<Tensor> inputs = new ArrayList<>(List.of(q, k, v));
        Gradients.of(output, outputGradient, inputs).forEach(Tensor::close);
      }
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
