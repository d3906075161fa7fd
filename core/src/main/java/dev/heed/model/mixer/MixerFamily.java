package dev.heed.model.mixer;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.ModelConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Heed's own language model: GPT-2's blocks, {@code x + mixer(norm(x))} and {@code x +
 * mlp(norm(x))} (Radford et al. 2019), in which any mixer of the catalogue that looks back only can
 * stand in attention's place: {@code "mixer": "gru"}. So mechanisms are compared with all else
 * equal.
 */
public final class MixerFamily extends DecoderFamily {
  /** What these give for a token depends on how long the text is: buckets and stretches move. */
  private static final Set<String> MOVED = Set.of("reformer", "memory-compressed");

  /** The family. */
  public MixerFamily() {
    super("heed_mixer", "HeedMixer");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    MixerConfig config = keys.read(MixerConfig.class);
    int layers = config.numHiddenLayers();
    if (layers < 0 || layers > DecoderSizes.MOST_LAYERS) {
      throw wrong(keys, "num_hidden_layers", "from 0 to " + DecoderSizes.MOST_LAYERS, layers);
    }
    MixerEntry entry = entry(keys, config);
    MixerShape shape = shape(keys, config);
    int size = config.hiddenSize();
    Embedding words = new Embedding(weights.child("embed_tokens"), config.vocabSize(), size, -1);
    DecoderBody body =
        DecoderBody.of(
            words,
            IntStream.range(0, layers)
                .mapToObj(i -> layer(weights.child("layers", i), config, entry, shape))
                .toList(),
            norm(weights.child("norm"), config),
            config.tieWordEmbeddings());
    if (config.learnedPositions()) {
      Embedding places =
          new Embedding(weights.child("embed_positions"), config.maxPositionEmbeddings(), size, -1);
      body =
          body.embedding(
              tokens -> words.apply(tokens.ids()).add(places.apply(tokens.within(places))));
    }
    return body.embeddedDropping(config.hiddenDropout());
  }

  private static TransformerLayer layer(
      Weights weights, MixerConfig config, MixerEntry entry, MixerShape shape) {
    Dropout dropout = new Dropout(config.hiddenDropout());
    MixerModule mixer = new MixerModule(weights.child("mixer"), entry, shape);
    Weights mlp = weights.child("mlp");
    int size = config.hiddenSize();
    FeedForward feedForward =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("fc_in"), size, config.intermediateSize(), true),
            Linear.of(mlp.child("fc_out"), config.intermediateSize(), size, true),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights.child("mixer_norm"), config), mixer.body(), dropout),
        Residual.pre(
            norm(weights.child("mlp_norm"), config), LayerBody.each(feedForward::apply), dropout));
  }

  private static LayerNorm norm(Weights weights, MixerConfig config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }

  /** The mixers that can write: they look back only, and a token's result stays as it is. */
  static List<String> names() {
    return MixerCatalogue.entries().stream()
        .filter(entry -> entry.direction().allows(true) && !MOVED.contains(entry.name()))
        .map(MixerEntry::name)
        .toList();
  }

  private static MixerEntry entry(ModelConfig keys, MixerConfig config) {
    List<String> names = names();
    if (!names.contains(config.mixer())) {
      throw wrong(keys, "mixer", "one of " + names, config.mixer());
    }
    return MixerCatalogue.named(config.mixer());
  }

  private static MixerShape shape(ModelConfig keys, MixerConfig config) {
    try {
      Activation.named(config.hiddenAct());
      return new MixerShape(
          config.hiddenSize(),
          config.numAttentionHeads(),
          config.maxPositionEmbeddings(),
          true,
          config.mixerWindow(),
          config.mixerBlock(),
          config.mixerFeatures(),
          config.mixerState(),
          config.mixerSeed());
    } catch (IllegalArgumentException e) {
      throw wrong(keys, "its sizes", "sizes of a mixer", String.valueOf(e.getMessage()));
    }
  }

  private static CheckpointException wrong(
      ModelConfig keys, String key, String expected, Object got) {
    return new CheckpointException(
        Kind.VALUE,
        keys.where() + ", " + key,
        expected,
        String.valueOf(got),
        "Correct this value in the file.");
  }
}
