package dev.heed.model.yolos;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.position.TokenGrids;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.Head;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.PatchPositions;
import dev.heed.model.vit.PatchProjection;
import dev.heed.model.vit.VitConfig;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoder: positions are resized to each image, and added again between layers. */
final class YolosModel extends Model {
  private final Weights weights;
  private final Plan plan;
  private final PatchProjection patches;
  private final Tensor first;
  private final Tensor objects;
  private final Tensor positions;
  private final @Nullable Tensor between;
  private final Dropout dropout;
  private final List<TransformerLayer> layers;
  private final LayerNorm norm;

  /**
   * Sizes and a head.
   *
   * @param image pixels of the images trained on
   * @param patch pixels of a patch
   * @param objects how many may be found
   * @param between whether positions are added between layers too
   * @param head what stands on the states
   */
  record Plan(ImageSize image, ImageSize patch, int objects, boolean between, Head head) {
    ImageSize grid() {
      return image.over(patch);
    }

    long tokens() {
      return 1L + grid().count() + objects;
    }
  }

  YolosModel(
      Weights root, VitConfig config, Plan plan, List<TransformerLayer> layers, LayerNorm norm) {
    super(root);
    this.weights = root;
    this.plan = plan;
    this.layers = layers;
    this.norm = norm;
    long size = config.hiddenSize();
    Initializer small = Initializer.normal(0.02);
    Weights embeddings = root.child("vit.embeddings");
    first = embeddings.parameter("cls_token", small, 1, 1, size);
    objects = embeddings.parameter("detection_tokens", small, 1, plan.objects(), size);
    patches =
        new PatchProjection(
            embeddings.child("patch_embeddings.projection"),
            config.numChannels(),
            size,
            plan.patch(),
            true);
    positions = embeddings.parameter("position_embeddings", small, 1, plan.tokens(), size);
    between =
        plan.between()
            ? root.child("vit.encoder")
                .parameter(
                    "mid_position_embeddings",
                    small,
                    Math.max(0, layers.size() - 1L),
                    1,
                    plan.tokens(),
                    size)
            : null;
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  private YolosModel(YolosModel other, List<TransformerLayer> layers) {
    super(other.weights);
    this.weights = other.weights;
    this.plan = other.plan;
    this.patches = other.patches;
    this.first = other.first;
    this.objects = other.objects;
    this.positions = other.positions;
    this.between = other.between;
    this.dropout = other.dropout;
    this.layers = layers;
    this.norm = other.norm;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public YolosModel withMixers(MixerSwap swap) {
    List<TransformerLayer> swapped = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      swapped.add(layers.get(i).withMixer(i, swap));
    }
    return new YolosModel(this, swapped);
  }

  @Override
  protected void run(Run run) {
    Tensor images = run.input().require("pixel_values");
    ImageSize grid = patches.grid(images);
    long batch = images.size(0);
    long size = first.size(2);
    Tensor tokens =
        Tensor.cat(
            List.of(
                first.expand(batch, 1, size),
                patches.apply(images),
                objects.expand(batch, objects.size(1), size)),
            1);
    Tensor hidden = dropout.apply(tokens.add(resized(positions, grid)), run.trace());
    run.state("hidden_states", hidden);
    AttentionRequest request = run.request(null);
    for (int i = 0; i < layers.size(); i++) {
      LayerCall call = new LayerCall(request);
      hidden = layers.get(i).apply(hidden, call);
      // The patches stand in the middle.
      request
          .at(layers.get(i).path() + ".attention.attention")
          .place(new TokenGrids(grid.asGrid(), grid.asGrid(), plan.objects()));
      if (between != null && i < layers.size() - 1) {
        hidden = hidden.add(resized(between.select(0, i), grid));
      }
      run.state("hidden_states", hidden);
      run.weights("attentions", call.selfWeights());
    }
    Tensor states = norm.apply(hidden);
    run.put("last_hidden_state", states);
    plan.head().apply(run, states, null);
  }

  /** A table {@code [1, 1 + patches + objects, H]} for an image's grid. */
  private Tensor resized(Tensor table, ImageSize grid) {
    long last = plan.objects();
    long before = table.size(1) - last;
    return Tensor.cat(
        List.of(
            PatchPositions.resized(
                table.narrow(1, 0, before), 1, plan.grid(), grid, PatchPositions.BY_SIZE),
            table.narrow(1, before, last)),
        1);
  }
}
