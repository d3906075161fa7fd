package dev.heed.model.rwkv;

import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderModel.Tokens;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.block.Branch;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** RWKV-4 checkpoints. */
public final class RwkvFamily extends DecoderFamily {
  private static final Dropout NONE = new Dropout(0);

  /** Of the last norm, whatever the config says of the others. */
  private static final double LAST_EPSILON = 1e-5;

  /** The family. */
  public RwkvFamily() {
    super("rwkv", "Rwkv");
  }

  record Config(
      @Default("50277") int vocabSize,
      @Default("4096") int hiddenSize,
      @Default("32") int numHiddenLayers,
      @Nullable Integer attentionHiddenSize,
      @Nullable Integer intermediateSize,
      @Default("1e-5") double layerNormEpsilon,
      @Default("6") int rescaleEvery,
      @Default("false") boolean tieWordEmbeddings) {
    long average() {
      return attentionHiddenSize == null ? hiddenSize : attentionHiddenSize;
    }

    long inner() {
      return intermediateSize == null ? 4L * hiddenSize : intermediateSize;
    }

    /** How often the stream has been halved before a layer, lest half precision overflows. */
    int halvings(int layer) {
      return rescaleEvery > 0 ? layer / rescaleEvery : 0;
    }
  }

  @Override
  public NameMap names(String architecture) {
    return DecoderArchitectures.names().with("^rwkv\\.", "model.").with("^head\\.", "lm_head.");
  }

  @Override
  public Set<String> ignoredKeys() {
    // The length trained on: nothing depends on it.
    return Set.of("context_length");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    Config config = keys.read(Config.class);
    Embedding words =
        new Embedding(weights.child("embeddings"), config.vocabSize(), config.hiddenSize(), -1);
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("blocks", i), config, i))
            .toList();
    Norm first =
        layers.isEmpty() ? Norm.NONE : norm(weights.child("blocks", 0).child("pre_ln"), config);
    LayerNorm last = new LayerNorm(weights.child("ln_out"), config.hiddenSize(), LAST_EPSILON);
    return DecoderBody.of(words, layers, last, config.tieWordEmbeddings())
        .embedding(tokens -> first.apply(words.apply(unpadded(tokens))))
        .recordedAfterLayers();
  }

  private static Tensor unpadded(Tokens tokens) {
    if (tokens.run().input().truth("attention_mask") != null) {
      throw new IllegalArgumentException(
          "RWKV: expected texts of one length, got padding in attention_mask, which it cannot skip;"
              + " pass texts of different lengths one by one");
    }
    return tokens.ids();
  }

  private static TransformerLayer layer(Weights weights, Config config, int number) {
    long size = config.hiddenSize();
    int halvings = config.halvings(number);
    TimeMixing time = new TimeMixing(weights.child("attention"), size, config.average(), halvings);
    ChannelMixing channels =
        new ChannelMixing(weights.child("feed_forward"), size, config.inner(), halvings);
    boolean halves = config.halvings(number + 1) > halvings;
    Branch second =
        new Branch(
            norm(weights.child("ln2"), config), LayerBody.stateful(channels), NONE, Norm.NONE);
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("ln1"), config), LayerBody.self(time), NONE),
        new Residual(List.of(second), halves ? x -> x.mul(0.5) : Norm.NONE));
  }

  private static LayerNorm norm(Weights weights, Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEpsilon());
  }
}
