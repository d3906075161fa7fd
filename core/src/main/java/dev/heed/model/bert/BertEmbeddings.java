package dev.heed.model.bert;

import dev.heed.model.Run;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

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

  /** {@code [B, T, H]} of a batch. */
  Tensor apply(BertInput input, Trace trace) {
    return apply(input.ids(), input.types(), input.positions(), input.longest(), trace);
  }

  /** {@code [B, T, H]} of a model's inputs. */
  Tensor apply(Run run) {
    Tensor ids = run.input().require("input_ids");
    Tensor given = run.input().get("position_ids");
    Tensor positions = given == null ? Tensor.arange(ids.size(1), DType.I64) : given;
    long longest = given == null ? ids.size(1) : given.max().itemLong() + 1;
    return apply(ids, run.input().get("token_type_ids"), positions, longest, run.trace());
  }

  private Tensor apply(
      Tensor ids, @Nullable Tensor segments, Tensor places, long time, Trace trace) {
    long longest = positions.weight().size(0);
    if (time > longest) {
      throw new ShapeException(
          "text: expected at most " + longest + " tokens, got " + time + "; cut it first");
    }
    return TensorScope.run(() -> {
      Tensor sum = trace.visit(point("words"), words.apply(ids));
      sum = sum.add(segments == null ? types.weight().select(0, 0) : types.apply(segments));
      if (absolute) {
        sum = sum.add(positions.apply(places));
      }
      return trace.visit(point("hidden"), dropout.apply(norm.apply(sum), trace));
    });
  }

  /** The word table, which the masked-word head shares. */
  Tensor table() {
    return words.weight();
  }
}
