package dev.heed.model.swin;

import dev.heed.attention.AttentionRequest;
import dev.heed.model.Run;
import dev.heed.model.block.GridTokens;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.block.TransformerStack.Recorded;
import dev.heed.model.head.Head;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchProjection;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Patches, stages of layers in windows with merging between them, a norm. */
final class SwinEncoder extends Module {
  private static final double EMBEDDING_EPSILON = 1e-5;

  private final PatchProjection patches;
  private final ImageSize patch;
  private final LayerNorm first;
  private final @Nullable Tensor positions;
  private final @Nullable Tensor mask;
  private final Dropout dropout;
  private final List<Stage> stages;
  private final LayerNorm last;

  /**
   * A stage.
   *
   * @param layers in pairs of plain and shifted windows
   * @param merging after them, or null in the last
   */
  private record Stage(TransformerStack layers, @Nullable PatchMerging merging) {
    GridTokens apply(GridTokens x, Run run) {
      // The reference shows the weights of a stage's last layer alone.
      AttentionRequest plain = AttentionRequest.of(null, run.trace()).withGrid(x.grid());
      AttentionRequest shown = run.request(null).withGrid(x.grid());
      int end = layers.layers().size() - 1;
      GridTokens mixed =
          x.with(
              layers.apply(x.tokens(), run, layer -> new LayerCall(layer == end ? shown : plain)));
      return merging == null ? mixed : merging.apply(mixed);
    }
  }

  SwinEncoder(
      Weights weights, SwinConfig config, ImageSize patch, ImageSize trained, SwinLayers layers) {
    super(weights);
    Weights embeddings = weights.child("embeddings");
    int size = config.embedDim();
    this.patch = patch;
    this.patches =
        new PatchProjection(
            embeddings.child("patch_embeddings.projection"),
            config.numChannels(),
            size,
            patch,
            true);
    this.first = new LayerNorm(embeddings.child("norm"), size, EMBEDDING_EPSILON);
    Initializer small = Initializer.normal(0.02);
    this.positions =
        config.useAbsoluteEmbeddings()
            ? embeddings.parameter("position_embeddings", small, 1, trained.count(), size)
            : null;
    this.mask =
        embeddings.has("mask_token") ? embeddings.parameter("mask_token", small, 1, 1, size) : null;
    this.dropout = new Dropout(config.hiddenDropoutProb());
    this.stages =
        IntStream.range(0, config.stages())
            .mapToObj(i -> stage(weights.child("encoder.layers", i), config, i, layers))
            .toList();
    this.last =
        new LayerNorm(
            weights.child("layernorm"), config.size(config.stages() - 1), config.layerNormEps());
  }

  private static Stage stage(Weights weights, SwinConfig config, int i, SwinLayers layers) {
    List<TransformerLayer> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.depths().get(i); layer++) {
      blocks.add(layers.layer(weights.child("blocks", layer), i, layer % 2 == 1));
    }
    return new Stage(
        TransformerStack.of(blocks).recording(Recorded.NONE),
        i == config.stages() - 1 ? null : layers.merging(weights.child("downsample"), i));
  }

  void apply(Run run, Head head) {
    GridTokens x = embed(run);
    record(run, x);
    for (Stage stage : stages) {
      x = stage.apply(x, run);
      record(run, x);
    }
    Tensor hidden = last.apply(x.tokens());
    run.put("last_hidden_state", hidden);
    Tensor pooled = hidden.mean(1, false);
    run.put("pooler_output", pooled);
    head.apply(run, hidden, pooled);
  }

  private static void record(Run run, GridTokens x) {
    run.state("hidden_states", x.tokens());
    run.state("reshaped_hidden_states", x.map());
  }

  /** An image that patches do not divide is filled with zeros at its right and lower edge. */
  private GridTokens embed(Run run) {
    Tensor images = run.input().require("pixel_values");
    // Biases are of windows, not of the image: asked for or not, images of any size are taken.
    run.input().flag("interpolate_pos_encoding", true);
    Tensor whole =
        images.pad(
            0,
            0,
            Math.floorMod(-images.size(-1), patch.width()),
            0,
            Math.floorMod(-images.size(-2), patch.height()));
    GridTokens x = GridTokens.of(patches.map(whole));
    Tensor tokens = masked(run, first.apply(x.tokens()));
    if (positions != null) {
      if (tokens.size(1) != positions.size(1)) {
        throw new ShapeException(
            "pixel_values: expected an image of image_size with "
                + positions.size(1)
                + " patches, got "
                + tokens.size(1)
                + "; resize the image");
      }
      tokens = tokens.add(positions);
    }
    return x.with(dropout.apply(tokens, run.trace()));
  }

  private Tensor masked(Run run, Tensor tokens) {
    Tensor hidden = run.input().get("bool_masked_pos");
    if (hidden == null) {
      return tokens;
    }
    if (mask == null) {
      throw new IllegalArgumentException(
          "bool_masked_pos: expected a model with a mask_token, got one without");
    }
    return Tensor.where(hidden.ne(0).unsqueeze(-1), mask, tokens);
  }
}
