package dev.heed.mixer.statespace;

import dev.heed.nn.Embedding;
import dev.heed.nn.Module;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Mamba's language model: {@code x = x + mixer(norm(x))} a layer, and logits by the embedding table
 * (Gu and Dao 2023, section 3.4).
 *
 * <p>Parameters are named as in the authors' checkpoints, with the prefix {@code backbone}.
 */
public final class Mamba extends Module {
  private static final double EPSILON = 1e-5;

  private final Embedding embedding;
  private final List<Layer> layers = new ArrayList<>();
  private final RmsNorm norm;

  private record Layer(RmsNorm norm, MambaBlock mixer) {}

  /**
   * What a part of a text gives.
   *
   * @param logits {@code [B, L, vocabulary]}
   * @param states one a layer, after the last token
   */
  public record Result(Tensor logits, List<ConvolvedState> states) {}

  /**
   * A model.
   *
   * @param vocabulary number of tokens
   * @param depth number of layers
   */
  public Mamba(Weights weights, MambaConfig config, long vocabulary, int depth) {
    super(weights);
    Weights backbone = weights.child("backbone");
    embedding = new Embedding(backbone.child("embedding"), vocabulary, config.dModel(), -1);
    for (int i = 0; i < depth; i++) {
      Weights layer = backbone.child("layers", i);
      layers.add(
          new Layer(
              new RmsNorm(layer.child("norm"), config.dModel(), EPSILON),
              new MambaBlock(layer.child("mixer"), config)));
    }
    norm = new RmsNorm(backbone.child("norm_f"), config.dModel(), EPSILON);
  }

  /** The states before the first token of so many texts. */
  public List<ConvolvedState> start(long batch) {
    return layers.stream().map(layer -> layer.mixer().start(batch)).toList();
  }

  /** Logits {@code [B, L, vocabulary]} after each token of {@code [B, L]}. */
  public Tensor apply(Tensor ids) {
    return TensorScope.run(() -> apply(ids, start(ids.size(0))).logits());
  }

  /** Goes on where earlier tokens ended; see {@link MambaBlock#apply(Tensor, ConvolvedState)}. */
  public Result apply(Tensor ids, List<ConvolvedState> states) {
    return TensorScope.run(() -> {
      Tensor x = embedding.apply(ids);
      List<ConvolvedState> next = new ArrayList<>();
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        MambaBlock.Result mixed = layer.mixer().apply(layer.norm().apply(x), states.get(i));
        x = x.add(mixed.output());
        next.add(mixed.state());
      }
      return new Result(norm.apply(x).linear(embedding.weight(), null), List.copyOf(next));
    });
  }
}
