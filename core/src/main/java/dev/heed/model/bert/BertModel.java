package dev.heed.model.bert;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.model.NameMap;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.nn.WeightsMismatchException;
import dev.heed.tensor.DType;
import dev.heed.tensor.LibTorch;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The BERT encoder: embeddings, layers, and a pooler if asked for (Devlin et al. 2019).
 *
 * <p>Padding never matters: a masked token gets weight 0 from every query.
 */
public final class BertModel extends Module {
  private final BertConfig config;
  private final BertEmbeddings embeddings;
  private final List<TransformerLayer> layers;
  private final @Nullable Linear pooler;

  /**
   * Builds the encoder at this path, which loads it if there is a checkpoint.
   *
   * @param pooler whether to build {@code pooler.dense}
   */
  public BertModel(Weights weights, BertConfig config, boolean pooler) {
    super(weights);
    this.config = config;
    embeddings = new BertEmbeddings(weights.child("embeddings"), config);
    layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(BertLayers.of(config).layer(weights.child("encoder.layer", i)));
    }
    this.pooler =
        pooler
            ? Linear.of(weights.child("pooler.dense"), config.hiddenSize(), config.hiddenSize())
            : null;
  }

  private BertModel(BertModel other, List<TransformerLayer> layers) {
    super(other);
    this.config = other.config;
    this.embeddings = other.embeddings;
    this.layers = layers;
    this.pooler = other.pooler;
  }

  /**
   * The same parameters with other mixers in the layers; this model stays as it is, and closing
   * either frees what both share.
   */
  public BertModel withMixers(MixerSwap swap) {
    List<TransformerLayer> swapped = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      swapped.add(layers.get(i).withMixer(i, swap));
    }
    return new BertModel(this, swapped);
  }

  /**
   * Loads the encoder alone, without pooler or heads, in its stored type.
   *
   * @return owned by the caller
   * @throws IllegalArgumentException if the checkpoint lacks a weight or has one the encoder does
   *     not know
   */
  public static BertModel load(ModelFiles files) {
    return load(files, Weights::from);
  }

  /** As {@link #load(ModelFiles)}, converted to one type. */
  public static BertModel load(ModelFiles files, DType dtype) {
    return load(files, source -> Weights.from(source, dtype));
  }

  /**
   * As {@link #load(ModelFiles, DType)}, and laid out for fast use without gradients.
   *
   * @see Weights#packed
   */
  public static BertModel forInference(ModelFiles files, DType dtype) {
    return load(files, source -> Weights.from(source, dtype).packed());
  }

  private static BertModel load(ModelFiles files, Function<WeightSource, Weights> root) {
    LibTorch.loadBeside();
    ModelConfig keys = new ModelConfig(files.describe(), files.json());
    BertFamily family = new BertFamily();
    if (!(ModelFamilies.of(keys).family() instanceof BertFamily)) {
      throw keys.unsupported("model_type", "bert", keys.json().get("model_type"));
    }
    BertConfig config = keys.read(BertConfig.class);
    keys.known("tie_word_embeddings");
    keys.requireAllKnown(family.ignoredKeys());
    try (CheckpointSource source = files.weights()) {
      NameMap names = family.names("BertModel");
      Weights weights = root.apply(source.renamed(names.of(source.names())));
      weights.ignoreBelow("cls", "classifier", "qa_outputs", "bert.pooler");
      try {
        BertModel model = new BertModel(weights.child("bert"), config, false);
        weights.requireAllUsed();
        return model;
      } catch (WeightsMismatchException | ShapeException e) {
        weights.discard();
        throw ModelLoader.misfit(keys, e);
      } catch (RuntimeException e) {
        weights.discard();
        throw e;
      }
    }
  }

  /** The sizes and choices. */
  public BertConfig config() {
    return config;
  }

  /** Encodes a batch; the result belongs to the caller's scope. */
  public BertOutput apply(BertInput input, Trace trace) {
    return TensorScope.run(() -> {
      AttentionRequest request = AttentionRequest.of(input.seen(), trace);
      Tensor hidden = embeddings.apply(input, trace);
      for (TransformerLayer layer : layers) {
        hidden =
            GradientCheckpoint.block(
                layer, trace, hidden, states -> layer.apply(states, new LayerCall(request)));
      }
      return new BertOutput(
          hidden, pooler == null ? null : pooler.apply(hidden.select(1, 0)).tanh());
    });
  }
}
