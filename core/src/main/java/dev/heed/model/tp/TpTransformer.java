package dev.heed.model.tp;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The TP-Transformer: an encoder-decoder whose attention binds what it reads to roles (Schlag et
 * al. 2019, section 2). Source, target and output share one table of embeddings.
 */
public final class TpTransformer extends Module {
  private final TpConfig config;
  private final RoleEmbedding embedding;
  private final List<TransformerLayer> encoder = new ArrayList<>();
  private final List<TransformerLayer> decoder = new ArrayList<>();

  /** A model of these sizes, under the authors' names. */
  public TpTransformer(Weights weights, TpConfig config) {
    super(weights);
    this.config = config;
    long size = config.size();
    this.embedding = new RoleEmbedding(weights.child("embedding"), config.vocabulary(), size);
    for (int i = 0; i < config.layers(); i++) {
      encoder.add(
          TpLayer.encoder(
              weights.child("encoder.layers", i), size, config.heads(), config.filter()));
      decoder.add(
          TpLayer.decoder(
              weights.child("decoder.layers", i), size, config.heads(), config.filter()));
    }
  }

  /**
   * Scores the next token at each place of the target.
   *
   * @param source ids {@code [B, S]}
   * @param target ids {@code [B, T]}
   * @return logits {@code [B, T, vocabulary]}
   */
  public Tensor apply(Tensor source, Tensor target, Trace trace) {
    return TensorScope.run(() -> {
      AttentionMask there = AttentionMask.padding(source.ne(config.padding()));
      AttentionRequest read = AttentionRequest.of(there, trace);
      Tensor encoded = embedding.apply(source);
      for (TransformerLayer layer : encoder) {
        encoded = layer.apply(encoded, new LayerCall(read));
      }
      Tensor x = embedding.apply(target);
      AttentionRequest own = TargetMask.of(target, config.padding(), config.targetPadding(), trace);
      for (TransformerLayer layer : decoder) {
        x = layer.apply(x, new LayerCall(own, encoded, read));
      }
      return x.linear(embedding.table(), null);
    });
  }
}
