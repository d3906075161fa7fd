package dev.heed.model.vit;

import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Special tokens in front of the patches of an image, and a position of each. */
public final class VitEmbeddings extends Module {
  private final PatchProjection projection;
  private final List<Tensor> special = new ArrayList<>();
  private final Tensor positions;
  private final Dropout dropout;
  private final ImageSize image;
  private final ImageSize trained;
  private final PatchPositions.Resizing resizing;
  private final @Nullable Tensor mask;
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
    List<String> tokens = plan.tokens();
    Initializer small = Initializer.normal(0.02);
    this.image = plan.image();
    this.trained = image.over(patch);
    this.resizing = plan.resizing();
    this.anySize = plan.anySize();
    this.registers =
        plan.registers() == 0
            ? null
            : weights.parameter("register_tokens", small, 1, plan.registers(), size);
    this.projection =
        new PatchProjection(
            weights.child("patch_embeddings.projection"), config.numChannels(), size, patch, true);
    tokens.forEach(token -> special.add(weights.parameter(token, small, 1, 1, size)));
    this.positions =
        weights.parameter(
            "position_embeddings", small, 1, tokens.size() + (long) trained.count(), size);
    this.mask = weights.has("mask_token") ? mask(weights, plan, size) : null;
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
    Tensor images = run.input().require("pixel_values");
    Tensor hidden = run.input().get("bool_masked_pos");
    boolean resize = run.input().flag("interpolate_pos_encoding", anySize) || anySize;
    if (!resize && (images.size(2) != image.height() || images.size(3) != image.width())) {
      throw new ShapeException(
          "pixel_values: expected "
              + image.height()
              + " by "
              + image.width()
              + " pixels, got "
              + images.size(2)
              + " by "
              + images.size(3)
              + "; resize the image, or ask for interpolate_pos_encoding");
    }
    return TensorScope.run(() -> {
      Tensor patches = projection.apply(images);
      if (hidden != null) {
        patches = masked(patches, hidden.ne(0).unsqueeze(-1));
      }
      List<Tensor> parts = new ArrayList<>();
      for (Tensor token : special) {
        parts.add(token.expand(images.size(0), 1, token.size(2)));
      }
      parts.add(patches);
      Tensor places =
          PatchPositions.resized(
              positions, special.size(), trained, projection.grid(images), resizing);
      return dropout.apply(withRegisters(Tensor.cat(parts, 1).add(places)), run.trace());
    });
  }

  private Tensor withRegisters(Tensor tokens) {
    if (registers == null) {
      return tokens;
    }
    long first = special.size();
    return Tensor.cat(
        List.of(
            tokens.narrow(1, 0, first),
            registers.expand(tokens.size(0), registers.size(1), registers.size(2)),
            tokens.narrow(1, first, tokens.size(1) - first)),
        1);
  }

  private Tensor masked(Tensor patches, Tensor hidden) {
    if (mask == null) {
      throw new IllegalArgumentException(
          "bool_masked_pos: expected a model with a mask_token, got one without");
    }
    return Tensor.where(hidden, mask, patches);
  }
}
