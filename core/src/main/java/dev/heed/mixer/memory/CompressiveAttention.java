package dev.heed.mixer.memory;

import dev.heed.attention.position.RelativeShift;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Causal self-attention over a compressed memory, a memory and the segment, with relative
 * positions: {@code score(i, j) = q_i · (k_j + p_{i-j}) / √d} (Rae et al. 2019, section 3).
 *
 * <p>The segment enters the memory; what falls out of it is compressed by a convolution of kernel
 * and stride c and enters the compressed memory.
 */
public final class CompressiveAttention extends Module {
  private final Size size;
  private final Linear query;
  private final Linear keyValue;
  private final Linear out;
  private final Conv1d compression;

  /**
   * The sizes.
   *
   * @param model of the hidden states
   * @param heads how many, a divisor of {@code model}
   * @param memory steps kept
   * @param compressed compressed steps kept
   * @param ratio steps that one compressed step stands for, c
   */
  public record Size(int model, int heads, int memory, int compressed, int ratio) {
    int head() {
      return model / heads;
    }
  }

  /**
   * Earlier segments, oldest first.
   *
   * @param recent {@code [B, M, model]}
   * @param compressed {@code [B, C, model]}
   */
  public record Memory(Tensor recent, Tensor compressed) {
    /** Nothing remembered yet. */
    public static Memory none(Tensor like) {
      Shape empty = Shape.of(like.size(0), 0, like.size(2));
      return new Memory(Tensor.zeros(empty, like.dtype()), Tensor.zeros(empty, like.dtype()));
    }

    Memory detach() {
      return new Memory(recent.detach(), compressed.detach());
    }
  }

  /**
   * What one segment gives.
   *
   * @param output {@code [B, T, model]}
   * @param weights {@code [B, H, T, C + M + T]}
   * @param memory for the next segment; the newest compressed steps depend on the convolution only
   * @param reconstruction the attention-reconstruction loss, a scalar: the mean square difference
   *     between what the queries read from the steps that fell out and from their compression; only
   *     the convolution learns from it (section 3.2)
   */
  public record Result(Tensor output, Tensor weights, Memory memory, Tensor reconstruction) {}

  /**
   * With parameters {@code to_q.weight}, {@code to_kv.weight}, {@code to_out} and {@code
   * compress_mem_fn.conv}.
   */
  public CompressiveAttention(Weights weights, Size size) {
    super(weights);
    this.size = size;
    this.query = Linear.of(weights.child("to_q"), size.model(), size.model(), false);
    this.keyValue = Linear.of(weights.child("to_kv"), size.model(), 2L * size.model(), false);
    this.out = Linear.of(weights.child("to_out"), size.model(), size.model());
    this.compression =
        new Conv1d(
            weights.child("compress_mem_fn.conv"),
            size.model(),
            size.model(),
            size.ratio(),
            new Geometry(size.ratio(), 0, 1, 1),
            true);
  }

  /**
   * Attends and remembers.
   *
   * @param x the segment, {@code [B, T, model]}
   * @param memory of the segment before
   * @param positions the learned vectors of the distances, farthest first, at least {@code C + M +
   *     T} of them: {@code [H, P, head size]}; the last ones are used
   */
  public Result apply(Tensor x, Memory memory, Tensor positions) {
    return apply(x, memory, positions, Trace.NONE);
  }

  /**
   * The same, traced: {@code q} {@code [B, H, T, head size]}; {@code k}, {@code v} {@code [B, H, C
   * + M + T, head size]}; {@code scores} and {@code pattern} {@code [B, H, T, C + M + T]}; {@code
   * z} {@code [B, H, T, head size]}.
   */
  public Result apply(Tensor x, Memory memory, Tensor positions, Trace trace) {
    return TensorScope.run(() -> {
      Tensor seen = Tensor.cat(List.of(memory.compressed(), memory.recent(), x), 1);
      List<Tensor> keyValues = keyValue.apply(seen).chunk(2, -1);
      Tensor q = trace.visit(point("q"), heads(query.apply(x)));
      Tensor k = trace.visit(point("k"), heads(keyValues.get(0)));
      Tensor v = trace.visit(point("v"), heads(keyValues.get(1)));
      Tensor used = positions.narrow(1, positions.size(1) - seen.size(1), seen.size(1));
      Tensor byDistance = RelativeShift.apply(q.matmul(used.transpose(-2, -1)));
      Tensor scores = q.matmul(k.transpose(-2, -1)).add(byDistance).div(Math.sqrt(size.head()));
      Tensor seenScores = trace.visit(point("scores"), scores);
      Tensor weights = trace.visit(point("pattern"), LaterKeys.hidden(seenScores).softmax(-1));
      Tensor z = trace.visit(point("z"), weights.matmul(v));
      Tensor output = out.apply(z.transpose(1, 2).flatten(2, 3));
      Tensor fallen = fallen(memory.recent(), x);
      Tensor compressed = compress(fallen);
      return new Result(
          output,
          weights,
          next(x, memory, compressed),
          reconstruction(q, k, v, memory, compressed));
    });
  }

  /** The steps that the segment pushes out of the memory, {@code [B, F, model]}. */
  private Tensor fallen(Tensor recent, Tensor x) {
    Tensor all = Tensor.cat(List.of(recent, x), 1);
    return all.narrow(1, 0, Math.max(0, all.size(1) - size.memory())).detach();
  }

  /** Zeros before the oldest step fill up the last window. */
  private Tensor compress(Tensor fallen) {
    long missing = Math.floorMod(-fallen.size(1), size.ratio());
    return fallen.size(1) == 0
        ? fallen
        : compression.apply(fallen.pad(0, 0, 0, missing, 0).transpose(1, 2)).transpose(1, 2);
  }

  private Memory next(Tensor x, Memory memory, Tensor compressed) {
    return new Memory(
        last(Tensor.cat(List.of(memory.recent(), x), 1), size.memory()),
        last(Tensor.cat(List.of(memory.compressed(), compressed), 1), size.compressed()));
  }

  private static Tensor last(Tensor steps, long most) {
    long kept = Math.min(most, steps.size(1));
    return steps.narrow(1, steps.size(1) - kept, kept);
  }

  private Tensor reconstruction(Tensor q, Tensor k, Tensor v, Memory memory, Tensor compressed) {
    if (compressed.size(1) == 0 || size.compressed() == 0) {
      return Tensor.scalar(0, q.dtype());
    }
    List<Tensor> keyValues =
        compressed.linear(keyValue.effectiveWeight().detach(), null).chunk(2, -1);
    long from = memory.compressed().size(1);
    long steps = memory.recent().size(1);
    Tensor wanted = read(q, k.narrow(2, from, steps), v.narrow(2, from, steps)).detach();
    Tensor got = read(q.detach(), heads(keyValues.get(0)), heads(keyValues.get(1)));
    return got.sub(wanted).square().mean();
  }

  private Tensor read(Tensor q, Tensor k, Tensor v) {
    return q.matmul(k.transpose(-2, -1)).div(Math.sqrt(size.head())).softmax(-1).matmul(v);
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private Tensor heads(Tensor x) {
    return x.unflatten(-1, size.heads(), size.head()).transpose(1, 2);
  }
}
