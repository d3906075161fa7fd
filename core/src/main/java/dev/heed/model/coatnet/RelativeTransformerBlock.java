package dev.heed.model.coatnet;

import dev.heed.attention.position.Grid;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * A Transformer block over an image (Dai et al. 2021, appendix A.1).
 *
 * <p>{@code x += attention(norm x); x += feedForward(norm x)}; when downsampling, the first line is
 * {@code project(pool x) + attention(norm(pool x))}. The feed-forward part is four times as wide as
 * the block's input.
 */
public final class RelativeTransformerBlock extends Module implements CoAtNetBlock {
  private static final double EPSILON = 1e-5;

  private final @Nullable Shortcut shortcut;
  private final LayerNorm beforeAttention;
  private final RelativeAttention attention;
  private final LayerNorm beforeFeedForward;
  private final FeedForward feedForward;
  private final Grid grid;

  /**
   * A block.
   *
   * @param grid the places after downsampling
   * @param downsample whether height and width halve
   */
  public RelativeTransformerBlock(
      Weights weights, long in, long out, Grid grid, boolean downsample, int heads, int headSize) {
    super(weights);
    this.grid = grid;
    this.shortcut = downsample ? new Shortcut(weights, in, out) : null;
    this.beforeAttention = new LayerNorm(weights.child("attn.1.norm"), in, EPSILON);
    this.attention =
        new RelativeAttention(weights.child("attn.1.fn"), in, out, grid, heads, headSize);
    this.beforeFeedForward = new LayerNorm(weights.child("ff.1.norm"), out, EPSILON);
    Weights maps = weights.child("ff.1.fn.net");
    this.feedForward =
        new FeedForward(
            maps,
            Linear.of(maps.child("0"), out, 4 * in),
            Linear.of(maps.child("3"), 4 * in, out),
            Activation.GELU,
            new Dropout(0));
  }

  @Override
  public Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor pooled = shortcut == null ? x : Shortcut.pool(x);
      Tensor kept = shortcut == null ? x : shortcut.project(pooled);
      Tensor read = attention.apply(beforeAttention.apply(sequence(pooled)), trace);
      Tensor attended = sequence(kept).add(read);
      Tensor result = attended.add(feedForward.apply(beforeFeedForward.apply(attended), trace));
      return result.transpose(1, 2).unflatten(2, grid.height(), grid.width());
    });
  }

  /** {@code [B, C, height, width]} as {@code [B, places, C]}. */
  private static Tensor sequence(Tensor image) {
    return image.flatten(2, 3).transpose(1, 2);
  }
}
