package dev.heed.model.whisper;

import dev.heed.model.DecoderStart;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** Whisper checkpoints. */
public final class WhisperFamily implements ModelFamily {
  private static final double EPSILON = 1e-5;

  @Override
  public Set<String> modelTypes() {
    return Set.of("whisper");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("WhisperForConditionalGeneration", WhisperFamily::language);
    builders.put("WhisperModel", WhisperFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "proj_out");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop and masked spans are of training alone, the next of a classifier; the last steers
    // the alignment of words to times. The reference reads but never applies scale_embedding.
    return Set.of(
        "apply_spec_augment",
        "classifier_proj_size",
        "decoder_layerdrop",
        "encoder_layerdrop",
        "mask_feature_length",
        "mask_feature_min_masks",
        "mask_feature_prob",
        "mask_time_length",
        "mask_time_min_masks",
        "mask_time_prob",
        "max_source_positions",
        "median_filter_width",
        "num_hidden_layers",
        "scale_embedding",
        "use_weighted_layer_sum");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys.read(WhisperConfig.class), table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    WhisperConfig config = keys.read(WhisperConfig.class);
    return build(
        weights,
        config,
        table ->
            new LanguageHead(
                Norm.NONE,
                LanguageHead.output(
                    weights.child("proj_out"), table, config.tieWordEmbeddings(), false),
                Norm.NONE,
                Target.OWN));
  }

  private static Model build(Weights root, WhisperConfig config, Function<Tensor, Head> head) {
    Weights encoder = root.child("model.encoder");
    Weights decoder = root.child("model.decoder");
    long size = config.dModel();
    WhisperFrames frames = new WhisperFrames(encoder, config);
    Embedding words =
        new Embedding(decoder.child("embed_tokens"), config.vocabSize(), size, config.padTokenId());
    Embedding places =
        new Embedding(decoder.child("embed_positions"), config.maxTargetPositions(), size, -1);
    Dropout dropout = new Dropout(config.dropout());
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            MemoryEncoder.of(
                frames::apply,
                stack(
                    encoder,
                    config.encoderLayers(),
                    config.layer(false)::encoder,
                    size,
                    "encoder_")),
            tokens ->
                dropout.apply(
                    words.apply(tokens.ids()).add(places.apply(tokens.within(places))),
                    tokens.run().trace()),
            stack(decoder, config.decoderLayers(), config.layer(true)::decoder, size, "decoder_"),
            Collections.nCopies(config.decoderLayers(), 0),
            layer -> null,
            DecoderStart.of(config.decoderStartTokenId(), config.padTokenId()),
            head.apply(words.weight()),
            words.weight()));
  }

  private static TransformerStack stack(
      Weights half, int count, Function<Weights, TransformerLayer> layer, long size, String names) {
    List<TransformerLayer> layers = TransformerStack.layers(half, count, layer);
    LayerNorm norm = new LayerNorm(half.child("layer_norm"), size, EPSILON);
    return TransformerStack.of(layers, norm).named(names);
  }
}
