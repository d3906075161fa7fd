package dev.heed.model.speechtotext;

import dev.heed.model.DecoderStart;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.Memory;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.bart.BartPositions;
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
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** Speech2Text checkpoints. */
public final class SpeechToTextFamily implements ModelFamily {
  private static final double EPSILON = 1e-5;

  @Override
  public Set<String> modelTypes() {
    return Set.of("speech_to_text");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("Speech2TextForConditionalGeneration", SpeechToTextFamily::language);
    builders.put("Speech2TextModel", SpeechToTextFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone; fixed positions go as far as they need to.
    return Set.of(
        "decoder_layerdrop",
        "encoder_layerdrop",
        "max_source_positions",
        "max_target_positions",
        "num_hidden_layers");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys.read(SpeechToTextConfig.class), table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    SpeechToTextConfig config = keys.read(SpeechToTextConfig.class);
    return build(
        weights,
        config,
        table ->
            new LanguageHead(
                Norm.NONE,
                LanguageHead.output(
                    weights.child("lm_head"), table, config.tieWordEmbeddings(), false),
                Norm.NONE,
                Target.OWN));
  }

  /** The encoder's embeddings. */
  private record Frames(
      Subsampler subsampler, BartPositions positions, double scale, Dropout dropout) {
    Memory apply(Run run) {
      Tensor states = subsampler.apply(run.input().require("input_features")).mul(scale);
      Tensor frames = run.input().truth("attention_mask");
      Tensor keep = frames == null ? null : subsampler.keep(frames, states.size(1));
      // The reference counts positions over a mask as if it were tokens.
      Tensor marks =
          keep == null ? states.select(2, 0).mul(0).to(DType.I64) : keep.not().to(DType.I64);
      Tensor places = Tensor.arange(states.size(1), DType.I64);
      Tensor moved = states.add(positions.apply(marks, places).to(states.dtype()));
      return new Memory(dropout.apply(moved, run.trace()), keep);
    }
  }

  private static Model build(Weights root, SpeechToTextConfig config, Function<Tensor, Head> head) {
    Weights encoder = root.child("model.encoder");
    Weights decoder = root.child("model.decoder");
    long size = config.dModel();
    Dropout dropout = new Dropout(config.dropout());
    Frames frames =
        new Frames(
            new Subsampler(encoder.child("conv"), config),
            BartPositions.counted(encoder, config.padTokenId(), size),
            config.scale(),
            dropout);
    Embedding words =
        new Embedding(decoder.child("embed_tokens"), config.vocabSize(), size, config.padTokenId());
    BartPositions positions = BartPositions.counted(decoder, config.padTokenId(), size);
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            MemoryEncoder.of(
                frames::apply,
                stack(encoder, config.encoderLayers(), config.layer(false)::encoder, size)
                    .named("encoder_")),
            tokens -> {
              Tensor vectors = words.apply(tokens.ids()).mul(config.scale());
              Tensor added = positions.apply(tokens.ids(), tokens.positions());
              return dropout.apply(vectors.add(added.to(vectors.dtype())), tokens.run().trace());
            },
            stack(decoder, config.decoderLayers(), config.layer(true)::decoder, size)
                .named("decoder_"),
            Collections.nCopies(config.decoderLayers(), 0),
            layer -> null,
            DecoderStart.of(config.decoderStartTokenId(), config.padTokenId()),
            head.apply(words.weight()),
            words.weight()));
  }

  private static TransformerStack stack(
      Weights half, int count, Function<Weights, TransformerLayer> layer, long size) {
    List<TransformerLayer> layers = TransformerStack.layers(half, count, layer);
    return TransformerStack.of(layers, new LayerNorm(half.child("layer_norm"), size, EPSILON));
  }
}
