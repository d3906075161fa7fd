package dev.heed.model.vitmae;

import dev.heed.model.Run;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchProjection;
import dev.heed.model.vit.VitConfig;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * The patches that stay, behind a class token.
 *
 * <p>{@code noise [B, patches]} decides: those with the smallest stay. Without it the noise is the
 * same random one in every call.
 */
final class VitMaeEmbeddings extends Module {
  private final PatchProjection projection;
  private final Tensor first;
  private final Tensor positions;
  private final double hidden;

  VitMaeEmbeddings(
      Weights weights, VitConfig config, ImageSize image, ImageSize patch, double hidden) {
    super(weights);
    long size = config.hiddenSize();
    ImageSize grid = image.over(patch);
    this.projection =
        new PatchProjection(
            weights.child("patch_embeddings.projection"), config.numChannels(), size, patch, true);
    this.first = weights.parameter("cls_token", Initializer.normal(0.02), 1, 1, size);
    this.positions =
        weights.buffer("position_embeddings", GridSines.of(grid, size), 1, 1L + grid.count(), size);
    this.hidden = hidden;
  }

  /** {@code [B, 1 + those that stay, H]}; gives {@code mask} and {@code ids_restore}. */
  Tensor apply(Run run) {
    Tensor images = run.input().require("pixel_values");
    Tensor given = run.input().get("noise");
    Tensor all = projection.apply(images);
    long patches = all.size(1);
    Tensor noise = given == null ? noise(all) : given;
    Tensor order = noise.sort(1, false).indices();
    Tensor back = order.to(DType.F64).sort(1, false).indices();
    long kept = (long) (patches * (1 - hidden));
    Tensor stay = order.narrow(1, 0, kept);
    run.put("mask", back.ge(kept).to(all.dtype()));
    run.put("ids_restore", back);
    return TensorScope.run(() -> {
      Tensor placed = all.add(positions.narrow(1, 1, patches));
      Tensor index = stay.unsqueeze(-1).expand(stay.size(0), kept, all.size(2));
      Tensor token = first.add(positions.narrow(1, 0, 1));
      return Tensor.cat(
          List.of(token.expand(all.size(0), 1, all.size(2)), placed.gather(1, index)), 1);
    });
  }

  private static Tensor noise(Tensor patches) {
    try (Generator generator = new Generator(0)) {
      return Tensor.rand(generator, Shape.of(patches.size(0), patches.size(1)), DType.F32);
    }
  }
}
