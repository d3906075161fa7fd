package dev.heed.model.bert;

import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Token, position and segment vectors, summed and normalised (Devlin et al. 2019, figure 2). */
final class BertEmbeddings extends Module {
  private final Embedding words;
  private final Embedding positions;
  private final Embedding types;
  private final LayerNorm norm;
  private final Dropout dropout;
  private final boolean absolute;

  BertEmbeddings(Weights weights, BertConfig config) {
    super(weights);
    long size = config.hiddenSize();
    words =
        new Embedding(
            weights.child("word_embeddings"), config.vocabSize(), size, config.paddingRow());
    positions =
        new Embedding(
            weights.child("position_embeddings"), config.maxPositionEmbeddings(), size, -1);
    types = new Embedding(weights.child("token_type_embeddings"), config.typeVocabSize(), size, -1);
    norm = new LayerNorm(weights.child("LayerNorm"), size, config.layerNormEps());
    dropout = new Dropout(config.hiddenDropoutProb());
    absolute = config.positionEmbeddingType() == Positions.ABSOLUTE;
    weights.ignore("position_ids", "token_type_ids");
  }

  /** {@code [B, T, H]}. */
  Tensor apply(BertInput input, Trace trace) {
    long time = input.longest();
    long longest = positions.weight().size(0);
    if (time > longest) {
      throw new ShapeException(
          "text: expected at most " + longest + " tokens, got " + time + "; cut it first");
    }
    return TensorScope.run(() -> {
      Tensor sum = trace.visit(point("words"), words.apply(input.ids()));
      Tensor segments = types.weight();
      sum = sum.add(input.types() == null ? segments.select(0, 0) : types.apply(input.types()));
      if (absolute) {
        sum = sum.add(positions.apply(input.positions()));
      }
      return trace.visit(point("hidden"), dropout.apply(norm.apply(sum), trace));
    });
  }

  /** The word table, which the masked-word head shares. */
  Tensor table() {
    return words.weight();
  }
}
