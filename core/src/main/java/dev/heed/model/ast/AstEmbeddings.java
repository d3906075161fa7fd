package dev.heed.model.ast;

import dev.heed.model.Run;
import dev.heed.model.vit.VitConfig;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** Two special tokens in front of a spectrogram's patches, and a position of each. */
final class AstEmbeddings extends Module {
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor first;
  private final Tensor second;
  private final Tensor positions;
  private final Dropout dropout;
  private final Patches patches;

  /**
   * How a spectrogram is cut.
   *
   * @param size bands and frames of a patch
   * @param bandStep from patch to patch
   * @param frameStep from patch to patch
   * @param bands of a spectrogram
   * @param frames of a spectrogram
   */
  record Patches(int size, int bandStep, int frameStep, int bands, int frames) {
    long count() {
      return (long) ((bands - size) / bandStep + 1) * ((frames - size) / frameStep + 1);
    }
  }

  AstEmbeddings(Weights weights, VitConfig config, Patches patches) {
    super(weights);
    this.patches = patches;
    long size = config.hiddenSize();
    Initializer small = Initializer.normal(0.02);
    Weights projection = weights.child("patch_embeddings.projection");
    weight = projection.parameter("weight", small, size, 1, patches.size(), patches.size());
    bias = projection.parameter("bias", Initializer.ZEROS, size);
    first = weights.parameter("cls_token", small, 1, 1, size);
    second = weights.parameter("distillation_token", small, 1, 1, size);
    positions = weights.parameter("position_embeddings", small, 1, patches.count() + 2, size);
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  /** {@code [B, 2 + patches, H]} of {@code input_values} {@code [B, frames, bands]}. */
  Tensor apply(Run run) {
    Tensor sounds = run.input().require("input_values");
    if (sounds.rank() != 3
        || sounds.size(1) != patches.frames()
        || sounds.size(2) != patches.bands()) {
      throw new ShapeException(
          "input_values: expected [B, "
              + patches.frames()
              + ", "
              + patches.bands()
              + "], got "
              + sounds.describe()
              + "; fill up or cut the sound");
    }
    return TensorScope.run(() -> {
      Tensor cut =
          sounds
              .transpose(1, 2)
              .unfold(1, patches.size(), patches.bandStep())
              .unfold(2, patches.size(), patches.frameStep())
              .flatten(3, 4)
              .flatten(1, 2);
      Tensor vectors = cut.linear(weight.flatten(1, 3), bias);
      long batch = sounds.size(0);
      long size = first.size(2);
      Tensor all =
          Tensor.cat(
              List.of(first.expand(batch, 1, size), second.expand(batch, 1, size), vectors), 1);
      return dropout.apply(all.add(positions), run.trace());
    });
  }
}
