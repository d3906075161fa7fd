package dev.heed.model.vit;

import dev.heed.attention.position.Grid;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Special tokens in front of the patches of an image, and a position of each. */
public final class VitEmbeddings extends Module {
  private final PatchTokens tokens;
  private final Tensor positions;
  private final Dropout dropout;
  private final ImageSize image;
  private final ImageSize trained;
  private final PatchPositions.Resizing resizing;
  private final @Nullable Tensor registers;
  private final boolean anySize;

  /**
   * What families differ in.
   *
   * @param image pixels of the images trained on
   * @param patch pixels of a patch
   * @param tokens names of the special tokens' parameters {@code [1, 1, H]}, in order
   * @param registers tokens without a position behind those, {@code register_tokens [1, n, H]}
   * @param resizing of positions to images of another size
   * @param anySize whether such images are taken without asking for it
   */
  public record Plan(
      ImageSize image,
      ImageSize patch,
      List<String> tokens,
      int registers,
      PatchPositions.Resizing resizing,
      boolean anySize) {}

  /** Embeddings of images. */
  public VitEmbeddings(Weights weights, VitConfig config, Plan plan) {
    super(weights);
    int size = config.hiddenSize();
    ImageSize patch = plan.patch();
    Initializer small = Initializer.normal(0.02);
    this.image = plan.image();
    this.trained = image.over(patch);
    this.resizing = plan.resizing();
    this.anySize = plan.anySize();
    this.registers =
        plan.registers() == 0
            ? null
            : weights.parameter("register_tokens", small, 1, plan.registers(), size);
    PatchProjection projection =
        new PatchProjection(
            weights.child("patch_embeddings.projection"), config.numChannels(), size, patch, true);
    List<Tensor> special =
        plan.tokens().stream().map(token -> weights.parameter(token, small, 1, 1, size)).toList();
    this.positions =
        weights.parameter(
            "position_embeddings", small, 1, special.size() + (long) trained.count(), size);
    this.tokens =
        new PatchTokens(
            projection, special, weights.has("mask_token") ? mask(weights, plan, size) : null);
    this.dropout = new Dropout(config.hiddenDropoutProb());
  }

  private static Tensor mask(Weights weights, Plan plan, int size) {
    Initializer small = Initializer.normal(0.02);
    return plan.anySize()
        ? weights.parameter("mask_token", small, 1, size)
        : weights.parameter("mask_token", small, 1, 1, size);
  }

  /**
   * {@code [B, special + patches, H]} of {@code pixel_values} {@code [B, channels, height, width]};
   * patches that {@code bool_masked_pos} {@code [B, patches]} marks become the mask's vector.
   */
  public Tensor apply(Run run) {
    if (anySize) {
      run.input().flag("interpolate_pos_encoding", true);
    } else {
      PatchPositions.requireSize(run, image);
    }
    return TensorScope.run(() -> {
      Tensor places =
          PatchPositions.resized(
              positions,
              Math.toIntExact(tokens.before()),
              trained,
              tokens.projection().grid(run.input().require("pixel_values")),
              resizing);
      return dropout.apply(withRegisters(tokens.apply(run).add(places)), run.trace());
    });
  }

  /** The grid of a call's image. */
  public Grid grid(Run run) {
    return tokens.grid(run);
  }

  private Tensor withRegisters(Tensor placed) {
    if (registers == null) {
      return placed;
    }
    long first = tokens.before();
    return Tensor.cat(
        List.of(
            placed.narrow(1, 0, first),
            registers.expand(placed.size(0), registers.size(1), registers.size(2)),
            placed.narrow(1, first, placed.size(1) - first)),
        1);
  }
}
