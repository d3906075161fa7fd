package dev.heed.model.gemma;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderSizes;
import dev.heed.model.DecoderStart;
import dev.heed.model.Default;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.LayerType;
import dev.heed.model.Memory;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.DecoderLayers;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * T5Gemma checkpoints (Zhang et al. 2025): Gemma 2's layers as an encoder that looks both ways, and
 * as a decoder that reads it.
 */
public final class T5GemmaFamily implements ModelFamily {
  record Config(
      @Default("256000") int vocabSize,
      @Default("2304") int hiddenSize,
      @Default("9216") int intermediateSize,
      @Default("26") int numHiddenLayers,
      @Default("8") int numAttentionHeads,
      @Default("4") @Nullable Integer numKeyValueHeads,
      @Default("256") @Nullable Integer headDim,
      @Default("gelu_pytorch_tanh") String hiddenActivation,
      @Default("8192") int maxPositionEmbeddings,
      @Default("1e-6") double rmsNormEps,
      @Default("true") boolean tieWordEmbeddings,
      @Default("256") double queryPreAttnScalar,
      @Default("4096") @Nullable Integer slidingWindow,
      @Default("30.0") @Nullable Double finalLogitSoftcapping,
      @Default("50.0") @Nullable Double attnLogitSoftcapping,
      @Default("false") boolean attentionBias,
      @Default("0.0") double attentionDropout,
      @Default("0.0") double dropoutRate,
      @Default("2") int bosTokenId,
      @Default("0") int padTokenId,
      @Nullable Integer crossAttentionHiddenSize)
      implements DecoderSizes {
    @Override
    public String hiddenAct() {
      return hiddenActivation;
    }

    Dropout dropout() {
      return new Dropout(dropoutRate);
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("t5gemma");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("T5GemmaForConditionalGeneration", (weights, keys) -> build(weights, keys, true));
    builders.put("T5GemmaModel", (weights, keys) -> build(weights, keys, false));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // The halves repeat them, and theirs count.
    return Set.of("attention_dropout", "classifier_dropout_rate", "dropout_rate", "vocab_size");
  }

  /** One half's layers and embeddings. */
  private record Half(
      Config config, List<LayerType> types, List<Integer> windows, RotaryPositions rotary) {
    static Half of(ModelConfig part) {
      Config config = DecoderSizes.read(part, Config.class);
      RotaryPositions rotary =
          RotaryConfig.of(part, 10_000, config.maxPositionEmbeddings())
              .positions(PairLayout.HALF_SPLIT, config.heads().headSize());
      List<LayerType> types =
          LayerType.of(
              part,
              config.numHiddenLayers(),
              List.of(LayerType.FULL, LayerType.SLIDING),
              i -> i % 2 == 0 ? LayerType.SLIDING : LayerType.FULL);
      List<Integer> windows = LayerType.windows(part, types, config.slidingWindow());
      part.requireAllKnown(Set.of("hidden_act", "is_decoder", "cross_attention_hidden_size"));
      return new Half(config, types, windows, rotary);
    }

    Embedding words(Weights weights) {
      return new Embedding(
          weights.child("embed_tokens"),
          config.vocabSize(),
          config.hiddenSize(),
          config.padTokenId());
    }

    TransformerStack stack(Weights weights, @Nullable Integer memory, String names) {
      List<TransformerLayer> layers = new ArrayList<>();
      for (int i = 0; i < config.numHiddenLayers(); i++) {
        layers.add(layer(weights.child("layers", i), memory, memory == null ? 0 : windows.get(i)));
      }
      return TransformerStack.of(layers, norm(weights.child("norm")))
          .dropping(config.dropout())
          .named(names);
    }

    private TransformerLayer layer(Weights weights, @Nullable Integer memory, int window) {
      Weights own = weights.child("self_attn");
      boolean bias = config.attentionBias();
      List<Residual> blocks = new ArrayList<>();
      blocks.add(
          block(
              weights,
              "self_attn",
              DecoderLayers.attention(
                  own,
                  HeadProjections.grouped(own, config.heads(), bias, bias),
                  config.numAttentionHeads(),
                  List.of(HeadChange.rotary(rotary)),
                  mechanism(),
                  window)));
      if (memory != null) {
        blocks.add(block(weights, "cross_attn", cross(weights.child("cross_attn"), memory)));
      }
      blocks.add(block(weights, "feedforward", config.feedForward(weights.child("mlp"), false)));
      return new TransformerLayer(weights, blocks.toArray(Residual[]::new));
    }

    private LayerBody cross(Weights weights, int memory) {
      HeadSizes heads = config.heads();
      boolean bias = config.attentionBias();
      return LayerBody.cross(
          new MultiHeadAttention(
              weights,
              new HeadProjections.Separate(
                  Linear.of(weights.child("q_proj"), heads.size(), heads.queries(), bias),
                  Linear.of(weights.child("k_proj"), memory, heads.keys(), bias),
                  Linear.of(weights.child("v_proj"), memory, heads.keys(), bias),
                  Linear.of(weights.child("o_proj"), heads.queries(), heads.size(), bias)),
              config.numAttentionHeads(),
              List.of(),
              mechanism()));
    }

    private AttentionMechanism mechanism() {
      return GemmaParts.attention(
          config.queryPreAttnScalar(), config.attnLogitSoftcapping(), config.attentionDropout());
    }

    private Residual block(Weights weights, String name, LayerBody body) {
      return Residual.sandwich(
          norm(weights.child("pre_" + name + "_layernorm")),
          body,
          norm(weights.child("post_" + name + "_layernorm")),
          config.dropout());
    }

    private RmsNorm norm(Weights weights) {
      return RmsNorm.aroundOne(weights, config.hiddenSize(), config.rmsNormEps());
    }

    /** What an encoder's layer sees besides padding: a window on both sides of itself. */
    @Nullable AttentionMask both(int layer) {
      int window = windows.get(layer);
      return window == 0 ? null : AttentionMask.window(window, window);
    }
  }

  private static Model build(Weights root, ModelConfig keys, boolean writes) {
    Half reads = Half.of(keys.part("encoder"));
    Half tells = Half.of(keys.part("decoder"));
    Weights encoder = root.child("model.encoder");
    Weights decoder = root.child("model.decoder");
    Embedding read = reads.words(encoder);
    Embedding told = tells.words(decoder);
    Config own = tells.config();
    Norm scaleRead = GemmaParts.scaled(reads.config().hiddenSize());
    Norm scaleTold = GemmaParts.scaled(own.hiddenSize());
    MemoryEncoder reader =
        MemoryEncoder.of(
                run ->
                    new Memory(
                        reads
                            .config()
                            .dropout()
                            .apply(
                                scaleRead.apply(read.apply(run.input().require("input_ids"))),
                                run.trace()),
                        run.input().truth("attention_mask")),
                reads.stack(encoder, null, "encoder_"))
            .seeing(reads::both);
    boolean tied = keys.flag("tie_word_embeddings", true);
    Head head =
        writes
            ? new LanguageHead(
                Norm.NONE,
                LanguageHead.output(root.child("lm_head.out_proj"), told.weight(), tied, false),
                GemmaParts.capped(own.finalLogitSoftcapping()),
                Target.OWN)
            : Head.NONE;
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            reader,
            tokens ->
                own.dropout()
                    .apply(scaleTold.apply(told.apply(tokens.ids())), tokens.run().trace()),
            tells.stack(decoder, reads.config().hiddenSize(), "decoder_"),
            tells.windows(),
            layer -> null,
            DecoderStart.of(own.bosTokenId(), own.padTokenId()).hidingPadding(),
            head,
            told.weight()));
  }
}
