package dev.heed.model.esm;

import dev.heed.model.Run;
import dev.heed.model.bert.Places;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of amino acids, zero at padding and, with token dropout, at masks; then all are scaled by
 * {@code (1 - 0.12) / (1 - share of masks)}, as if the share were that of training (Lin et al.
 * 2023, in its code).
 */
final class EsmEmbeddings extends Module {
  /** 15% of the tokens are chosen in training, and 80% of these are masks. */
  private static final double TRAINED_SHARE = 0.15 * 0.8;

  /** Where there are masks only, all vectors are zero whatever they are divided by. */
  private static final double LEAST_SHARE = 1e-9;

  private final EsmConfig config;
  private final Embedding words;
  private final @Nullable Embedding positions;
  private final Norm norm;

  EsmEmbeddings(Weights weights, EsmConfig config) {
    super(weights);
    this.config = config;
    int size = config.hiddenSize();
    int padding = config.padTokenId();
    words = new Embedding(weights.child("word_embeddings"), config.vocabSize(), size, padding);
    weights.ignore("position_ids");
    if (config.rotary()) {
      // Files hold a table that nothing reads.
      weights.ignoreBelow("position_embeddings");
      positions = null;
    } else {
      positions =
          new Embedding(
              weights.child("position_embeddings"), config.maxPositionEmbeddings(), size, padding);
    }
    norm =
        config.normedEmbeddings()
            ? new LayerNorm(weights.child("layer_norm"), size, config.layerNormEps())
            : Norm.NONE;
  }

  /** {@code [B, T, H]} of a model's inputs. */
  Tensor apply(Run run) {
    Tensor ids = run.input().require("input_ids");
    Tensor there = run.input().truth("attention_mask");
    Tensor given = run.input().get("position_ids");
    Tensor documents = run.input().get("document_ids");
    return TensorScope.run(() -> {
      Tensor sum = run.trace().visit(point("words"), words.apply(ids));
      if (config.tokenDropout() && config.maskTokenId() != null) {
        sum = withoutMasks(sum, ids.eq(config.maskTokenId()), there);
      }
      if (positions != null) {
        Tensor places =
            given == null ? Places.AFTER_PADDING.count(ids, documents, config.padTokenId()) : given;
        requireRoom(places);
        sum = sum.add(positions.apply(places));
      }
      Tensor normed = norm.apply(sum);
      return there == null ? normed : normed.maskedFill(there.not().unsqueeze(-1), 0);
    });
  }

  private void requireRoom(Tensor places) {
    long most = config.maxPositionEmbeddings() - config.padTokenId() - 1L;
    long longest = places.elements() == 0 ? 0 : places.max().itemLong() - config.padTokenId();
    if (longest > most) {
      throw new ShapeException(
          "protein: expected at most " + most + " tokens, got " + longest + "; cut it first");
    }
  }

  private static Tensor withoutMasks(Tensor words, Tensor masks, @Nullable Tensor there) {
    DType type = words.dtype();
    Tensor count = masks.to(type).sum(1, true);
    Tensor length =
        there == null
            ? Tensor.ones(count.shape(), type).mul(masks.size(1))
            : there.to(type).sum(1, true);
    Tensor share = count.div(length).unsqueeze(-1); // [B, 1, 1]
    return words
        .maskedFill(masks.unsqueeze(-1), 0)
        .mul(1 - TRAINED_SHARE)
        .div(share.neg().add(1).clamp(LEAST_SHARE, 1));
  }

  /** The word table, which the masked-word head shares. */
  Tensor table() {
    return words.weight();
  }
}
