package dev.heed.model.deberta;

import dev.heed.model.Run;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.Places;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Vectors of words, perhaps of positions and segments, normalised, and zero at padding. */
final class DebertaEmbeddings extends Module {
  private final BertEmbeddings tables;
  private final Norm project;
  private final LayerNorm norm;
  private final Dropout dropout;

  DebertaEmbeddings(Weights weights, DebertaChoices choices) {
    super(weights);
    BertConfig config = choices.bert();
    int words = choices.wordSize();
    int size = config.hiddenSize();
    Places places = choices.positionBiasedInput() ? Places.FROM_ZERO : null;
    tables = new BertEmbeddings(weights, config, new BertEmbeddings.Plan(words, places, false));
    project =
        words == size
            ? Norm.NONE
            : Linear.of(weights.child("embed_proj"), words, size, false)::apply;
    norm = new LayerNorm(weights.child("LayerNorm"), size, config.layerNormEps());
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  /** {@code [B, T, H]} of a model's inputs. */
  Tensor apply(Run run) {
    Tensor there = run.input().truth("attention_mask");
    return TensorScope.run(() -> {
      Tensor normed = norm.apply(project.apply(tables.apply(run)));
      Tensor kept = there == null ? normed : normed.maskedFill(there.not().unsqueeze(-1), 0);
      return dropout.apply(kept, run.trace());
    });
  }

  /** The word table, which the masked-word head shares. */
  Tensor table() {
    return tables.table();
  }
}
