package dev.heed.model.fsmt;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.model.DecoderStart;
import dev.heed.model.Default;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.Memory;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bart.BartLayer;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** FSMT checkpoints. */
public final class FsmtFamily implements ModelFamily {
  record Config(
      @Default("42024") int srcVocabSize,
      @Default("42024") int tgtVocabSize,
      @Default("1024") int dModel,
      @Default("1024") int maxPositionEmbeddings,
      @Default("12") int encoderLayers,
      @Default("4096") int encoderFfnDim,
      @Default("16") int encoderAttentionHeads,
      @Default("12") int decoderLayers,
      @Default("4096") int decoderFfnDim,
      @Default("16") int decoderAttentionHeads,
      @Default("relu") String activationFunction,
      @Default("0.1") double dropout,
      @Default("0.0") double attentionDropout,
      @Default("0.0") double activationDropout,
      @Default("2") int decoderStartTokenId,
      @Default("true") boolean scaleEmbedding,
      @Default("1") int padTokenId,
      @Default("2") int eosTokenId,
      @Default("false") boolean tieWordEmbeddings) {
    BartLayer layer(boolean decoder) {
      return new BartLayer(
          dModel,
          decoder ? decoderAttentionHeads : encoderAttentionHeads,
          decoder ? decoderFfnDim : encoderFfnDim,
          Activation.named(activationFunction),
          dropout,
          attentionDropout,
          activationDropout,
          false,
          true,
          true);
    }

    double scale() {
      return scaleEmbedding ? Math.sqrt(dModel) : 1;
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("fsmt");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("FSMTForConditionalGeneration", (weights, keys) -> build(weights, keys, true));
    builders.put("FSMTModel", (weights, keys) -> build(weights, keys, false));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone; the languages name the vocabularies' files.
    return Set.of(
        "add_bias_logits",
        "add_final_layer_norm",
        "decoder",
        "decoder_layerdrop",
        "encoder_layerdrop",
        "langs",
        "normalize_before",
        "normalize_embedding",
        "num_hidden_layers",
        "static_position_embeddings");
  }

  /** Token vectors, and fixed positions counted over what is no padding. */
  private record Half(Embedding words, Function<Tensor, Tensor> positions, Config config) {
    static Half of(Weights weights, int words, Config config) {
      Embedding table =
          new Embedding(weights.child("embed_tokens"), words, config.dModel(), config.padTokenId());
      Weights own = weights.child("embed_positions");
      if (!own.has("weight")) {
        return new Half(
            table,
            rows ->
                SinusoidalPositions.TENSOR2TENSOR
                    .at(rows, config.dModel(), DType.F64)
                    .mul(rows.ne(config.padTokenId()).unsqueeze(-1).to(DType.F64)),
            config);
      }
      // Some versions keep the table and train it.
      long longest = config.maxPositionEmbeddings() + config.padTokenId() + 1L;
      Tensor kept =
          own.parameter(
              "weight",
              (shape, type, random) ->
                  SinusoidalPositions.TENSOR2TENSOR.table(0, longest, config.dModel(), type),
              longest,
              config.dModel());
      return new Half(table, rows -> kept.embedding(rows, config.padTokenId()), config);
    }

    Tensor embed(Tensor ids, Tensor places, Trace trace) {
      Tensor real = ids.ne(config.padTokenId()).to(DType.I64);
      Tensor past = places.narrow(-1, 0, 1);
      Tensor rows = real.cumsum(1).add(past).mul(real).add(config.padTokenId());
      Tensor vectors = words.apply(ids).mul(config.scale());
      Tensor moved = vectors.add(positions.apply(rows).to(vectors.dtype()));
      return new Dropout(config.dropout()).apply(moved, trace);
    }
  }

  private static Model build(Weights root, ModelConfig keys, boolean writes) {
    Config config = keys.read(Config.class);
    Weights encoder = root.child("model.encoder");
    Weights decoder = root.child("model.decoder");
    Half source = Half.of(encoder, config.srcVocabSize(), config);
    Half target = Half.of(decoder, config.tgtVocabSize(), config);
    MemoryEncoder reader =
        MemoryEncoder.of(
            run -> {
              Tensor ids = run.input().require("input_ids");
              Tensor places = Tensor.arange(ids.size(1), DType.I64);
              return new Memory(
                  source.embed(ids, places, run.trace()), run.input().truth("attention_mask"));
            },
            stack(encoder, config.encoderLayers(), config.layer(false)::encoder).named("encoder_"));
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            reader,
            tokens -> target.embed(tokens.ids(), tokens.positions(), tokens.run().trace()),
            stack(decoder, config.decoderLayers(), config.layer(true)::decoder).named("decoder_"),
            Collections.nCopies(config.decoderLayers(), 0),
            layer -> null,
            DecoderStart.of(-1, config.padTokenId()).orInput().hidingPadding(),
            writes ? head(decoder, config, target.words().weight()) : Head.NONE,
            target.words().weight()));
  }

  private static Head head(Weights decoder, Config config, Tensor table) {
    Linear output =
        LanguageHead.output(
            decoder.child("output_projection"), table, config.tieWordEmbeddings(), false);
    return new LanguageHead(Norm.NONE, output, Norm.NONE, Target.OWN);
  }

  private static TransformerStack stack(
      Weights half, int count, Function<Weights, TransformerLayer> layer) {
    List<TransformerLayer> layers = TransformerStack.layers(half, count, layer);
    return TransformerStack.of(layers);
  }
}
