package dev.heed.model.vit;

import dev.heed.attention.position.Grid;
import dev.heed.model.Run;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The patches of an image as tokens, behind special ones.
 *
 * @param projection of patches
 * @param special tokens in front, {@code [1, n, H]} each
 * @param mask what stands for a hidden patch, {@code [..., H]}, or null
 */
public record PatchTokens(PatchProjection projection, List<Tensor> special, @Nullable Tensor mask) {
  /** Copies the list. */
  public PatchTokens {
    special = List.copyOf(special);
  }

  /** How many tokens stand before the patches. */
  public long before() {
    return special.stream().mapToLong(token -> token.size(1)).sum();
  }

  /** The grid of the call's {@code pixel_values}. */
  public Grid grid(Run run) {
    return projection.grid(run.input().require("pixel_values")).asGrid();
  }

  /**
   * {@code [B, special + patches, H]} of {@code pixel_values} {@code [B, channels, height, width]};
   * patches that {@code bool_masked_pos} {@code [B, patches]} marks become the mask's vector.
   *
   * @throws IllegalArgumentException if patches are to be hidden and nothing stands for them
   */
  public Tensor apply(Run run) {
    return apply(run, Norm.NONE);
  }

  /**
   * The same whose patches go through something before some are hidden.
   *
   * @param placed what, from {@code [B, patches, H]} to the same shape
   */
  public Tensor apply(Run run, Norm placed) {
    Tensor images = run.input().require("pixel_values");
    Tensor hidden = run.input().get("bool_masked_pos");
    Tensor patches = placed.apply(projection.apply(images));
    List<Tensor> parts = new ArrayList<>();
    for (Tensor token : special) {
      parts.add(token.expand(images.size(0), token.size(1), token.size(2)));
    }
    parts.add(hidden == null ? patches : masked(patches, hidden.ne(0).unsqueeze(-1)));
    return Tensor.cat(parts, 1);
  }

  private Tensor masked(Tensor patches, Tensor hidden) {
    if (mask == null) {
      throw new IllegalArgumentException(
          "bool_masked_pos: expected a model with a mask_token, got one without");
    }
    return Tensor.where(hidden, mask, patches);
  }
}
