package dev.heed.model.opt;

import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderModel.Tokens;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.Places;
import dev.heed.model.bart.BartLayer;
import dev.heed.model.bart.BartPositions;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** OPT checkpoints. */
public final class OptFamily extends DecoderFamily {
  private static final double EPSILON = 1e-5;

  /** The family. */
  public OptFamily() {
    super("opt", "OPT");
  }

  record Config(
      @Default("50272") int vocabSize,
      @Default("768") int hiddenSize,
      @Default("12") int numHiddenLayers,
      @Default("3072") int ffnDim,
      @Default("2048") int maxPositionEmbeddings,
      @Default("true") boolean doLayerNormBefore,
      @Default("false") boolean _removeFinalLayerNorm,
      @Nullable Integer wordEmbedProjDim,
      @Default("0.1") double dropout,
      @Default("0.0") double attentionDropout,
      @Default("0.0") double activationDropout,
      @Default("12") int numAttentionHeads,
      @Default("relu") String activationFunction,
      @Default("1") int padTokenId,
      @Default("true") boolean enableBias,
      @Default("true") boolean layerNormElementwiseAffine,
      @Default("true") boolean tieWordEmbeddings) {
    int words() {
      return wordEmbedProjDim == null ? hiddenSize : wordEmbedProjDim;
    }

    BartLayer layer() {
      return new BartLayer(
          hiddenSize,
          numAttentionHeads,
          ffnDim,
          Activation.named(activationFunction),
          dropout,
          attentionDropout,
          activationDropout,
          doLayerNormBefore,
          enableBias,
          enableBias,
          enableBias,
          layerNormElementwiseAffine);
    }
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .with("^(model\\.)?decoder\\.", "model.")
        .base("model", "lm_head.", "score.", "qa_outputs.");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone.
    return Set.of("layerdrop");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    Embedding words =
        new Embedding(
            weights.child("embed_tokens"), config.vocabSize(), config.words(), config.padTokenId());
    Embedding positions =
        new Embedding(
            weights.child("embed_positions"),
            config.maxPositionEmbeddings() + (long) BartPositions.OFFSET,
            config.hiddenSize(),
            -1);
    boolean projects = config.words() != config.hiddenSize();
    Norm in =
        projects ? map(weights, "project_in", config.words(), config.hiddenSize()) : Norm.NONE;
    Norm out =
        projects ? map(weights, "project_out", config.hiddenSize(), config.words()) : Norm.NONE;
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> config.layer().encoder(weights.child("layers", i)))
            .toList();
    boolean normed = config.doLayerNormBefore() && !config._removeFinalLayerNorm();
    Norm norm = normed ? norm(weights.child("final_layer_norm"), config) : Norm.NONE;
    return DecoderBody.of(words, layers, x -> out.apply(norm.apply(x)), config.tieWordEmbeddings())
        .embedding(tokens ->
            in.apply(words.apply(tokens.ids())).add(positions.apply(places(tokens, config))));
  }

  private static Norm map(Weights weights, String name, long from, long to) {
    return Linear.of(weights.child(name), from, to, false)::apply;
  }

  private static Norm norm(Weights weights, Config config) {
    return config.layerNormElementwiseAffine()
        ? new LayerNorm(weights, config.hiddenSize(), EPSILON)
        : x -> x.layerNorm(null, null, EPSILON);
  }

  /** Counted over the tokens that are no padding, unless they are given. */
  private static Tensor places(Tokens tokens, Config config) {
    Tensor keep = tokens.run().input().truth("attention_mask");
    Tensor places = tokens.positions();
    if (keep != null && !tokens.run().input().has("position_ids")) {
      Tensor real = keep.to(DType.I64);
      Tensor all = real.cumsum(1).mul(real).sub(1);
      long time = tokens.ids().size(1);
      places = all.narrow(1, all.size(1) - time, time);
    }
    return Places.within(places, config.maxPositionEmbeddings()).add(BartPositions.OFFSET);
  }
}
