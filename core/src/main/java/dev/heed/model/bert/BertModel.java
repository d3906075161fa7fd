package dev.heed.model.bert;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.model.ModelFiles;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
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
  private final List<BertLayer> layers;
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
      layers.add(new BertLayer(weights.child("encoder.layer", i), config));
    }
    this.pooler =
        pooler
            ? Linear.of(weights.child("pooler.dense"), config.hiddenSize(), config.hiddenSize())
            : null;
  }

  private BertModel(BertModel other, List<BertLayer> layers) {
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
    List<BertLayer> swapped = new ArrayList<>();
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

  private static BertModel load(ModelFiles files, Function<CheckpointSource, Weights> root) {
    BertConfig config = files.config(BertConfig.defaults());
    try (CheckpointSource source = files.weights()) {
      return load(source, root.apply(source), config);
    }
  }

  private static BertModel load(CheckpointSource source, Weights root, BertConfig config) {
    boolean prefixed = root.has("bert.embeddings.word_embeddings.weight");
    for (String name : source.names()) {
      boolean encoder =
          prefixed ? name.startsWith("bert.") : !name.startsWith("cls.") && name.contains(".");
      if (!encoder || name.contains("pooler.dense.")) {
        root.ignore(name);
      }
    }
    BertModel model = new BertModel(prefixed ? root.child("bert") : root, config, false);
    try {
      root.requireAllUsed();
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
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
      for (BertLayer layer : layers) {
        hidden =
            GradientCheckpoint.block(layer, trace, hidden, states -> layer.apply(states, request));
      }
      return new BertOutput(
          hidden, pooler == null ? null : pooler.apply(hidden.select(1, 0)).tanh());
    });
  }

  /** The word table, which the masked-word head shares. */
  Tensor wordTable() {
    return embeddings.table();
  }
}
