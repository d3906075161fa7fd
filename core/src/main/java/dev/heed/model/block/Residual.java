package dev.heed.model.block;

import dev.heed.attention.MixerSwap;
import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * A residual block: {@code y = norm(x + Σ branch(x))}.
 *
 * @param branches one, or several side by side (GPT-J's parallel attention and feed-forward)
 * @param sum the norm of the sum, or {@link Norm#NONE}
 * @param stream what x goes through before all else, or {@link Norm#NONE}
 * @param kept what it then goes through before it is added, or {@link Norm#NONE}
 */
public record Residual(List<Branch> branches, Norm sum, Norm stream, Norm kept) implements Block {
  /** The stream as it is. */
  public Residual(List<Branch> branches, Norm sum) {
    this(branches, sum, Norm.NONE, Norm.NONE);
  }

  /** Copies the list. */
  public Residual {
    branches = List.copyOf(branches);
  }

  /** {@code x + f(norm(x))} (Radford et al. 2019). */
  public static Residual pre(Norm norm, LayerBody body, Dropout dropout) {
    return new Residual(List.of(new Branch(norm, body, dropout, Norm.NONE)), Norm.NONE);
  }

  /** {@code norm(x + f(x))} (Vaswani et al. 2017). */
  public static Residual post(Norm norm, LayerBody body, Dropout dropout) {
    return new Residual(List.of(new Branch(Norm.NONE, body, dropout, Norm.NONE)), norm);
  }

  /** {@code x + after(f(before(x)))} (Gemma 2). */
  public static Residual sandwich(Norm before, LayerBody body, Norm after, Dropout dropout) {
    return new Residual(List.of(new Branch(before, body, dropout, after)), Norm.NONE);
  }

  /** {@code norm(x) + f(norm(x))} (BLOOM's residual connection after the norm). */
  public static Residual aroundNormed(Norm norm, LayerBody body, Dropout dropout) {
    return new Residual(
        List.of(new Branch(Norm.NONE, body, dropout, Norm.NONE)), Norm.NONE, norm, Norm.NONE);
  }

  /** {@code α norm(x) + β f(norm(x))} (MiniMax). */
  public static Residual weighted(Norm norm, double alpha, LayerBody body, double beta) {
    Dropout none = new Dropout(0);
    return new Residual(
        List.of(new Branch(Norm.NONE, body, none, y -> y.mul(beta))),
        Norm.NONE,
        norm,
        start -> start.mul(alpha));
  }

  /** {@code x + Σ f(norm(x))}: branches side by side. */
  public static Residual parallel(Branch... branches) {
    return new Residual(List.of(branches), Norm.NONE);
  }

  @Override
  public Residual withMixer(int number, MixerSwap swap) {
    return new Residual(
        branches.stream().map(branch -> branch.withMixer(number, swap)).toList(),
        sum,
        stream,
        kept);
  }

  @Override
  public Tensor apply(Tensor x, LayerCall call) {
    Tensor start = stream.apply(x);
    Tensor total = kept.apply(start);
    for (Branch branch : branches) {
      total = branch.apply(start, call).add(total);
    }
    return sum.apply(total);
  }
}
