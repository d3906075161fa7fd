package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.RequestLimits;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link LongformerAttention} whose first tokens are the global ones, by the fused kernel under
 * masks, and an output projection: the same numbers at O(n · (window + globals)) time and O(n)
 * memory (Beltagy et al. 2020, section 3.1).
 */
public final class LongformerMixer extends Module implements SequenceMixer {
  private final int heads;
  private final int globals;
  private final AttentionMask near;
  private final LongformerProjections local;
  private final LongformerProjections global;
  private final Linear output;

  /**
   * With the parameters of {@link LongformerAttention} and {@code output}.
   *
   * @param window keys seen on either side
   * @param globals how many tokens at the beginning see all and are seen by all
   */
  public LongformerMixer(Weights weights, long size, int heads, int window, int globals) {
    super(weights);
    this.heads = heads;
    this.globals = globals;
    this.near = AttentionMask.window(window, window).or(AttentionMask.firstKeys(globals));
    this.local = LongformerProjections.of(weights, size, "");
    this.global = LongformerProjections.of(weights, size, "_global");
    this.output = Linear.of(weights.child("output"), size, size);
  }

  /** Honours padding, whose own rows are zeros before the output projection. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor there = new RequestLimits("Longformer", false, true).check(x, request);
      Tensor read = read(x, there);
      return AttentionOutput.of(request.visit("output", output.apply(read)));
    });
  }

  private Tensor read(Tensor x, @Nullable Tensor there) {
    AttentionMask padding = there == null ? null : AttentionMask.padding(there);
    AttentionMask mask = padding == null ? near : near.and(padding);
    long first = Math.min(globals, x.size(1));
    Tensor far = attend(global, x.narrow(1, 0, first), x, padding);
    Tensor around = attend(local, x, x, mask).narrow(1, first, x.size(1) - first);
    Tensor all = Tensor.cat(List.of(far, around), 1);
    return there == null ? all : all.maskedFill(there.unsqueeze(-1).not(), 0);
  }

  private Tensor attend(
      LongformerProjections maps, Tensor from, Tensor to, @Nullable AttentionMask mask) {
    return new ScaledDotProduct()
        .apply(
            split(maps.query().apply(from)),
            split(maps.key().apply(to)),
            split(maps.value().apply(to)),
            AttentionRequest.of(mask))
        .output()
        .transpose(1, 2)
        .flatten(2, 3);
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }
}
