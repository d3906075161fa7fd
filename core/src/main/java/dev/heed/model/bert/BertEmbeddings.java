package dev.heed.model.bert;

import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Token, position and segment vectors, summed and normalised (Devlin et al. 2019, figure 2). */
public final class BertEmbeddings extends Module {
  private final Embedding words;
  private final @Nullable Embedding positions;
  private final @Nullable Embedding types;
  private final Norm norm;
  private final Dropout dropout;
  private final Plan plan;
  private final boolean absolute;
  private final int padding;

  /**
   * In what the embeddings of BERT's relatives differ.
   *
   * @param size of the vectors
   * @param places from where positions count; null where there is no table of them
   * @param normed whether the sum is normalised
   * @param wordScale what the vectors of words are multiplied by
   */
  public record Plan(long size, @Nullable Places places, boolean normed, double wordScale) {
    /** Words as they are. */
    public Plan(long size, @Nullable Places places, boolean normed) {
      this(size, places, normed, 1);
    }
  }

  /** BERT's own. */
  BertEmbeddings(Weights weights, BertConfig config) {
    this(weights, config, new Plan(config.hiddenSize(), Places.FROM_ZERO, true));
  }

  /**
   * Those of a relative; without segments if the config has none.
   *
   * @param weights the path of the tables
   */
  public BertEmbeddings(Weights weights, BertConfig config, Plan plan) {
    super(weights);
    this.plan = plan;
    padding = config.paddingRow();
    long size = plan.size();
    words = new Embedding(weights.child("word_embeddings"), config.vocabSize(), size, padding);
    positions =
        plan.places() == null
            ? null
            : new Embedding(
                weights.child("position_embeddings"),
                config.maxPositionEmbeddings(),
                size,
                plan.places() == Places.AFTER_PADDING ? padding : -1);
    types =
        config.typeVocabSize() == 0
            ? null
            : new Embedding(
                weights.child("token_type_embeddings"), config.typeVocabSize(), size, -1);
    norm =
        plan.normed()
            ? new LayerNorm(weights.child("LayerNorm"), size, config.layerNormEps())
            : Norm.NONE;
    dropout = new Dropout(config.hiddenDropoutProb());
    absolute = config.positionEmbeddingType() == Positions.ABSOLUTE;
    weights.ignore("position_ids", "token_type_ids");
  }

  /** {@code [B, T, H]} of a model's inputs. */
  public Tensor apply(Run run) {
    return apply(run, Norm.NONE);
  }

  /**
   * The same with more vectors in the sum.
   *
   * @param more adds to the sum {@code [B, T, H]}
   */
  public Tensor apply(Run run, Norm more) {
    return apply(run, more, (tokens, value) -> tokens);
  }

  /**
   * The same for tokens that are filled up.
   *
   * @param fill appends a value to {@code [B, T]}
   */
  public Tensor apply(Run run, Norm more, BiFunction<Tensor, Long, Tensor> fill) {
    ModelInput input = run.input();
    Tensor given = input.get("position_ids");
    Tensor ofTypes = types == null ? null : input.get("token_type_ids");
    return TensorScope.run(() -> {
      Tensor ids = fill.apply(input.require("input_ids"), (long) padding);
      Tensor segments = ofTypes == null ? null : fill.apply(ofTypes, 0L);
      Tensor scaled = words.apply(ids);
      if (plan.wordScale() != 1) {
        scaled = scaled.mul(plan.wordScale());
      }
      Tensor sum = run.trace().visit(point("words"), scaled);
      return sum(sum, segments, places(ids, given, input), more, run.trace());
    });
  }

  private @Nullable Tensor places(Tensor ids, @Nullable Tensor given, ModelInput input) {
    if (positions == null || plan.places() == null) {
      return null;
    }
    Tensor places =
        given == null ? plan.places().count(ids, input.get("document_ids"), padding) : given;
    if (places.elements() > 0) {
      requireRoom(places.max().itemLong() + 1);
    }
    return places;
  }

  private Tensor sum(
      Tensor tokens, @Nullable Tensor segments, @Nullable Tensor places, Norm more, Trace trace) {
    Tensor sum = tokens;
    if (types != null) {
      sum = sum.add(segments == null ? types.weight().select(0, 0) : types.apply(segments));
    }
    if (absolute && positions != null && places != null) {
      sum = sum.add(positions.apply(places));
    }
    Tensor normed = norm.apply(more.apply(sum));
    return trace.visit(point("hidden"), dropout.apply(normed, trace));
  }

  private void requireRoom(long time) {
    long rows = positions == null ? Long.MAX_VALUE : positions.weight().size(0);
    if (time > rows) {
      long before = plan.places() == Places.AFTER_PADDING ? padding + 1 : 0;
      throw new ShapeException(
          "text: expected at most "
              + (rows - before)
              + " tokens, got "
              + (time - before)
              + "; cut it first");
    }
  }

  /** The word table, which the masked-word head shares. */
  public Tensor table() {
    return words.weight();
  }
}
