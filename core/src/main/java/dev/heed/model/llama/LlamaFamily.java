package dev.heed.model.llama;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.DecoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** Llama checkpoints. */
public final class LlamaFamily implements ModelFamily {
  private static final double USUAL_BASE = 10_000;

  @Override
  public Set<String> modelTypes() {
    return Set.of("llama");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("LlamaForCausalLM", LlamaFamily::language);
    builders.put("LlamaModel", LlamaFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys.read(LlamaConfig.class), keys, table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    LlamaConfig config = keys.read(LlamaConfig.class);
    return build(weights, config, keys, table -> LanguageHead.next(output(weights, config, table)));
  }

  private static Linear output(Weights weights, LlamaConfig config, Tensor table) {
    if (!config.tieWordEmbeddings()) {
      return Linear.of(weights.child("lm_head"), config.hiddenSize(), config.vocabSize(), false);
    }
    weights.requireTied("lm_head.weight", table);
    return Linear.tied(weights.child("lm_head"), table, null);
  }

  private static Model build(
      Weights root, LlamaConfig config, ModelConfig keys, Function<Tensor, Head> head) {
    Weights weights = root.child("model");
    int padding = keys.json().path("pad_token_id").asInt(-1);
    Embedding words =
        new Embedding(
            weights.child("embed_tokens"), config.vocabSize(), config.hiddenSize(), padding);
    RotaryPositions rotary =
        RotaryConfig.of(keys, USUAL_BASE, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.headSize());
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(layer(weights.child("layers", i), config, rotary));
    }
    RmsNorm norm = new RmsNorm(weights.child("norm"), config.hiddenSize(), config.rmsNormEps());
    return new DecoderModel(
        root,
        new DecoderModel.Parts(
            tokens -> words.apply(tokens.ids()),
            TransformerStack.of(layers, norm),
            Collections.nCopies(config.numHiddenLayers(), 0),
            head.apply(words.weight()),
            words.weight()));
  }

  private static TransformerLayer layer(
      Weights weights, LlamaConfig config, RotaryPositions rotary) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    long queries = (long) config.numAttentionHeads() * config.headSize();
    long keys = (long) config.keyHeads() * config.headSize();
    boolean bias = config.attentionBias();
    // Old files keep the rotary frequencies beside the weights.
    weights.ignore("self_attn.rotary_emb.inv_freq");
    Weights attention = weights.child("self_attn");
    MultiHeadAttention self =
        new MultiHeadAttention(
            attention,
            new HeadProjections.Separate(
                Linear.of(attention.child("q_proj"), size, queries, bias),
                Linear.of(attention.child("k_proj"), size, keys, bias),
                Linear.of(attention.child("v_proj"), size, keys, bias),
                Linear.of(attention.child("o_proj"), queries, size, bias)),
            config.numAttentionHeads(),
            List.of(HeadChange.rotary(rotary)),
            new ScaledDotProduct(Double.NaN, new Dropout(config.attentionDropout())));
    Weights mlp = weights.child("mlp");
    GatedFeedForward feedForward =
        new GatedFeedForward(
            mlp,
            Linear.of(mlp.child("gate_proj"), size, inner, config.mlpBias()),
            Linear.of(mlp.child("up_proj"), size, inner, config.mlpBias()),
            Linear.of(mlp.child("down_proj"), inner, size, config.mlpBias()),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.pre(
            new RmsNorm(weights.child("input_layernorm"), size, config.rmsNormEps()),
            LayerBody.self(self),
            none),
        Residual.pre(
            new RmsNorm(weights.child("post_attention_layernorm"), size, config.rmsNormEps()),
            LayerBody.each(feedForward::apply),
            none));
  }
}
