package dev.heed.model.beit;

import dev.heed.attention.position.Grid;
import dev.heed.model.Run;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchPositions;
import dev.heed.model.vit.PatchProjection;
import dev.heed.model.vit.PatchTokens;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class token, the patches behind it, and in old models a position of each. */
final class BeitEmbeddings extends Module {
  private final PatchTokens tokens;
  private final @Nullable Tensor positions;
  private final ImageSize trained;
  private final Dropout dropout;

  BeitEmbeddings(Weights weights, BeitConfig config, ImageSize patch, Grid trained) {
    super(weights);
    int size = config.hiddenSize();
    Initializer small = Initializer.normal(0.02);
    this.trained = new ImageSize(trained.height(), trained.width());
    this.tokens =
        new PatchTokens(
            new PatchProjection(
                weights.child("patch_embeddings.projection"),
                config.numChannels(),
                size,
                patch,
                true),
            List.of(weights.parameter("cls_token", small, 1, 1, size)),
            config.useMaskToken() ? weights.parameter("mask_token", small, 1, 1, size) : null);
    this.positions =
        config.useAbsolutePositionEmbeddings()
            ? weights.parameter("position_embeddings", small, 1, 1L + trained.places(), size)
            : null;
    this.dropout = new Dropout(config.hiddenDropoutProb());
  }

  Grid grid(Run run) {
    return tokens.grid(run);
  }

  /** {@code [B, 1 + patches, H]}; images of every size are taken. */
  Tensor apply(Run run) {
    // Asked for or not, biases and positions fit the image.
    run.input().flag("interpolate_pos_encoding", true);
    return TensorScope.run(() -> dropout.apply(placed(run), run.trace()));
  }

  /** A hidden patch loses its position with its content. */
  private Tensor placed(Run run) {
    if (positions == null) {
      return tokens.apply(run);
    }
    Grid grid = tokens.grid(run);
    Tensor places =
        PatchPositions.resized(
            positions,
            1,
            trained,
            new ImageSize(grid.height(), grid.width()),
            PatchPositions.BY_SIZE);
    Tensor own = places.narrow(1, 1, grid.places());
    Tensor all = tokens.apply(run, patches -> patches.add(own));
    return Tensor.cat(
        List.of(all.narrow(1, 0, 1).add(places.narrow(1, 0, 1)), all.narrow(1, 1, grid.places())),
        1);
  }
}
