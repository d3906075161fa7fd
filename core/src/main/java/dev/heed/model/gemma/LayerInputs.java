package dev.heed.model.gemma;

import dev.heed.model.DecoderBody;
import dev.heed.model.ModelConfig;
import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;

/**
 * Inputs of each layer's own: a token's row of a second table, and a projection of its embedding,
 * {@code (√P · table[token] + rms(W · embedding / √H)) / √2}.
 */
final class LayerInputs implements DecoderBody.Companions {
  private final Embedding table;
  private final Linear projection;
  private final RmsNorm norm;
  private final int layers;
  private final int size;
  private final double embeddingScale;

  /** Under the base model's path. */
  LayerInputs(Weights weights, Gemma4Config config, ModelConfig keys) {
    this.layers = config.numHiddenLayers();
    this.size = config.perLayer();
    long all = (long) layers * size;
    this.table =
        new Embedding(
            weights.child("embed_tokens_per_layer"),
            config.vocabSizePerLayerInput(),
            all,
            DecoderArchitectures.padding(keys));
    this.projection =
        Linear.of(weights.child("per_layer_model_projection"), config.hiddenSize(), all, false);
    this.norm = new RmsNorm(weights.child("per_layer_projection_norm"), size, config.rmsNormEps());
    this.embeddingScale = 1 / Math.sqrt(config.hiddenSize());
  }

  /** From the tokens {@code [B, T]} and their embeddings to {@code [B, T, layers, P]}. */
  @Override
  public Tensor of(Tensor ids, Tensor embedded) {
    Tensor rows = table.apply(ids);
    Tensor own = rows.mul(Tensor.scalar(Math.sqrt(size), rows.dtype()));
    Tensor projected = projection.apply(embedded).mul(embeddingScale);
    return norm.apply(projected.unflatten(-1, layers, size))
        .add(own.unflatten(-1, layers, size))
        .mul(Math.sqrt(0.5));
  }
}
