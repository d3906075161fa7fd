package dev.heed.model.bart;

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
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
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

/**
 * Pegasus-X checkpoints (Phang et al. 2022): Pegasus whose encoder sees in blocks, with learned
 * global tokens in front that see all and are seen by all.
 */
public final class PegasusXFamily implements ModelFamily {
  private static final double EPSILON = 1e-5;

  record Config(
      @Default("96103") int vocabSize,
      @Default("1024") int dModel,
      @Default("16") int encoderLayers,
      @Default("4096") int encoderFfnDim,
      @Default("16") int encoderAttentionHeads,
      @Default("16") int decoderLayers,
      @Default("4096") int decoderFfnDim,
      @Default("16") int decoderAttentionHeads,
      @Default("gelu") String activationFunction,
      @Default("0.1") double dropout,
      @Default("0.0") double attentionDropout,
      @Default("0.0") double activationDropout,
      @Default("0") int decoderStartTokenId,
      @Default("0") int padTokenId,
      @Default("true") boolean scaleEmbedding,
      @Default("32") int numGlobalTokens,
      @Default("512") int blockSize,
      @Default("true") boolean staggerLocalBlocks,
      @Default("true") boolean tieWordEmbeddings) {
    /** Checks the sizes. */
    Config {
      if (numGlobalTokens < 1 || blockSize < 1 || (staggerLocalBlocks && blockSize % 2 == 1)) {
        throw new IllegalArgumentException(
            "num_global_tokens, block_size: expected numbers from 1, and blocks that can be halved"
                + " if they are staggered, got "
                + numGlobalTokens
                + " and "
                + blockSize);
      }
    }

    BartLayer layer(boolean decoder) {
      return new BartLayer(
              dModel,
              decoder ? decoderAttentionHeads : encoderAttentionHeads,
              decoder ? decoderFfnDim : encoderFfnDim,
              Activation.named(activationFunction),
              dropout,
              attentionDropout,
              activationDropout,
              true,
              true,
              true)
          .attentionBias(false);
    }

    double scale() {
      return scaleEmbedding ? Math.sqrt(dModel) : 1;
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("pegasus_x");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "PegasusXForConditionalGeneration",
        (weights, keys) -> build(weights, keys, table -> head(weights, keys, table)));
    builders.put("PegasusXModel", (weights, keys) -> build(weights, keys, table -> Head.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone; fixed positions have no longest one.
    return Set.of(
        "decoder_layerdrop", "encoder_layerdrop", "max_position_embeddings", "num_hidden_layers");
  }

  private static Head head(Weights root, ModelConfig keys, Tensor table) {
    boolean tied = keys.read(Config.class).tieWordEmbeddings();
    return new LanguageHead(
        Norm.NONE,
        LanguageHead.output(root.child("lm_head"), table, tied, false),
        Norm.NONE,
        Target.OWN);
  }

  private static Model build(Weights root, ModelConfig keys, Function<Tensor, Head> head) {
    Config config = keys.read(Config.class);
    Weights model = root.child("model");
    Weights encoder = model.child("encoder");
    Weights decoder = model.child("decoder");
    Embedding words =
        new Embedding(
            model.child("shared"), config.vocabSize(), config.dModel(), config.padTokenId());
    encoder.requireTied("embed_tokens.weight", words.weight());
    decoder.requireTied("embed_tokens.weight", words.weight());
    Dropout dropout = new Dropout(config.dropout());
    Tensor globals =
        encoder.parameter(
            "embed_global.weight",
            Initializer.normal(0.02),
            config.numGlobalTokens(),
            config.dModel());
    MemoryEncoder reader =
        MemoryEncoder.of(
                run -> {
                  Tensor ids = run.input().require("input_ids");
                  Tensor places = Tensor.arange(ids.size(1), DType.I64);
                  Tensor tokens = dropout.apply(embed(words, ids, places, config), run.trace());
                  Tensor front =
                      globals.unsqueeze(0).expand(ids.size(0), globals.size(0), globals.size(1));
                  return new Memory(
                      Tensor.cat(List.of(front, tokens), 1), run.input().truth("attention_mask"));
                },
                readers(encoder, config))
            .in(
                new PegasusXFrame(
                    config.numGlobalTokens(), config.blockSize(), config.staggerLocalBlocks()));
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            reader,
            tokens ->
                dropout.apply(
                    embed(words, tokens.ids(), tokens.positions(), config), tokens.run().trace()),
            TransformerStack.of(
                    TransformerStack.layers(
                        decoder, config.decoderLayers(), config.layer(true)::decoder),
                    norm(decoder, "layer_norm", config))
                .named("decoder_"),
            Collections.nCopies(config.decoderLayers(), 0),
            layer -> null,
            DecoderStart.of(config.decoderStartTokenId(), config.padTokenId()),
            head.apply(words.weight()),
            words.weight()));
  }

  private static Tensor embed(Embedding words, Tensor ids, Tensor places, Config config) {
    Tensor vectors = words.apply(ids).mul(config.scale());
    Tensor positions = SinusoidalPositions.TENSOR2TENSOR.at(places, config.dModel(), DType.F64);
    return vectors.add(positions.to(vectors.dtype()));
  }

  /** Layers of global tokens and others, which have norms of their own before attention. */
  private static TransformerStack readers(Weights encoder, Config config) {
    Function<Weights, TransformerLayer> layer =
        weights -> {
          Norm own = norm(weights, "self_attn_layer_norm", config);
          Norm global = norm(weights, "global_self_attn_layer_norm", config);
          BartLayer kind = config.layer(false);
          return kind.encoder(
              weights, kind.attention(weights.child("self_attn")), apart(config, global, own));
        };
    return TransformerStack.of(
            TransformerStack.layers(encoder, config.encoderLayers(), layer),
            apart(config, Norm.NONE, norm(encoder, "layer_norm", config)))
        .named("encoder_");
  }

  /** One norm for the global tokens in front, another for those after them. */
  private static Norm apart(Config config, Norm global, Norm own) {
    long first = config.numGlobalTokens();
    return x ->
        Tensor.cat(
            List.of(
                global.apply(x.narrow(1, 0, first)),
                own.apply(x.narrow(1, first, x.size(1) - first))),
            1);
  }

  private static Norm norm(Weights weights, String name, Config config) {
    return new LayerNorm(weights.child(name), config.dModel(), EPSILON);
  }
}
