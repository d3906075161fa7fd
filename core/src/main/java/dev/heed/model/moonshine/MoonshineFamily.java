package dev.heed.model.moonshine;

import dev.heed.model.DecoderStart;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Embedding;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** Moonshine checkpoints. */
public final class MoonshineFamily implements ModelFamily {
  private static final RotaryConfig.Usual ROTARY = new RotaryConfig.Usual(10_000, 0.9);

  @Override
  public Set<String> modelTypes() {
    return Set.of("moonshine");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("MoonshineForConditionalGeneration", MoonshineFamily::language);
    builders.put("MoonshineModel", MoonshineFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "proj_out");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Zeros that round a head up to what some kernels like change nothing.
    return Set.of("pad_head_dim_to_multiple_of");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys, keys.read(MoonshineConfig.class), table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    MoonshineConfig config = keys.read(MoonshineConfig.class);
    return build(
        weights,
        keys,
        config,
        table ->
            new LanguageHead(
                Norm.NONE,
                LanguageHead.output(
                    weights.child("proj_out"), table, config.tieWordEmbeddings(), false),
                Norm.NONE,
                // The reference shifts labels twice: before its decoder, and in its loss.
                Target.NEXT));
  }

  private static Model build(
      Weights root, ModelConfig keys, MoonshineConfig config, Function<Tensor, Head> head) {
    Weights encoder = root.child("model.encoder");
    Weights decoder = root.child("model.decoder");
    MoonshineLayers layers =
        new MoonshineLayers(
            config, RotaryConfig.partial(keys, ROTARY, config.maxPositionEmbeddings()));
    MoonshineFrames frames = new MoonshineFrames(encoder, config.hiddenSize());
    Embedding words =
        new Embedding(
            decoder.child("embed_tokens"),
            config.vocabSize(),
            config.hiddenSize(),
            config.padding());
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            MemoryEncoder.of(
                frames::apply,
                stack(
                        encoder,
                        config.encoderNumHiddenLayers(),
                        layers::encoder,
                        layers,
                        "layer_norm")
                    .named("encoder_")),
            tokens -> words.apply(tokens.ids()),
            stack(decoder, config.decoderNumHiddenLayers(), layers::decoder, layers, "norm")
                .named("decoder_"),
            Collections.nCopies(config.decoderNumHiddenLayers(), 0),
            layer -> null,
            DecoderStart.of(config.decoderStartTokenId(), config.padding()),
            head.apply(words.weight()),
            words.weight()));
  }

  private static TransformerStack stack(
      Weights half,
      int count,
      Function<Weights, TransformerLayer> layer,
      MoonshineLayers layers,
      String norm) {
    return TransformerStack.of(
        TransformerStack.layers(half, count, layer), layers.norm(half.child(norm)));
  }
}
