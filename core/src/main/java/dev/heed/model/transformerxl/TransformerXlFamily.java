package dev.heed.model.transformerxl;

import dev.heed.attention.position.RelativeSinusoids.Distances;
import dev.heed.mixer.memory.RelativeMemoryAttention;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.Branch;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.head.LastToken;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** Transformer-XL checkpoints. */
public final class TransformerXlFamily implements ModelFamily {
  /** Makes what stands on the states. */
  @FunctionalInterface
  private interface HeadOf {
    Head of(Weights root, TransformerXlConfig config, AdaptiveEmbedding embedding);
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("transfo-xl");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "TransfoXLLMHeadModel",
        (weights, keys) -> build(weights, keys, TransformerXlFamily::language));
    builders.put(
        "TransfoXLModel", (weights, keys) -> build(weights, keys, (root, c, e) -> Head.NONE));
    builders.put(
        "TransfoXLForSequenceClassification",
        (weights, keys) -> build(weights, keys, (root, config, e) -> classes(root, config, keys)));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("transformer", "crit.", "score.");
  }

  @Override
  public Set<String> ignoredKeys() {
    // How parameters start; the vocabulary is always in clusters, one of them perhaps.
    return Set.of("adaptive", "init", "init_range", "proj_init_std");
  }

  private static Head language(
      Weights root, TransformerXlConfig config, AdaptiveEmbedding embedding) {
    return new AdaptiveLanguageHead(
        new AdaptiveSoftmax(
            root.child("crit"),
            config.clusters(),
            embedding,
            config.dModel(),
            config.tieWordEmbeddings(),
            config.tiedMaps()));
  }

  private static Head classes(Weights root, TransformerXlConfig config, ModelConfig keys) {
    Linear score = Linear.of(root.child("score"), config.dEmbed(), keys.labels().size(), false);
    return new LastToken(
        new ClassifierHead((run, last) -> score.apply(last), ClassifierHead.Problem.of(keys)),
        config.padTokenId());
  }

  private static Model build(Weights root, ModelConfig keys, HeadOf head) {
    TransformerXlConfig config = keys.read(TransformerXlConfig.class);
    Weights weights = root.child("transformer");
    // The frequencies of the positions follow from the size.
    weights.ignore("pos_emb.inv_freq");
    AdaptiveEmbedding embedding =
        new AdaptiveEmbedding(weights.child("word_emb"), config.clusters(), config.dModel());
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.nLayer(); i++) {
      layers.add(layer(weights, i, config));
    }
    Dropout dropout = new Dropout(config.dropout());
    return new TransformerXlModel(
        root,
        new TransformerXlModel.Parts(
            embedding,
            TransformerStack.of(layers).dropping(dropout),
            config.memLen(),
            config.sameLength(),
            dropout,
            head.of(root, config, embedding)));
  }

  private static TransformerLayer layer(Weights weights, int number, TransformerXlConfig config) {
    Weights layer = weights.child("layers", number);
    Weights attention = layer.child("dec_attn");
    Weights inner = layer.child("pos_ff");
    Dropout dropout = new Dropout(config.dropout());
    int farthest = config.clampLen() > 0 ? config.clampLen() : Integer.MAX_VALUE;
    RelativeMemoryAttention relative =
        new RelativeMemoryAttention(
            attention,
            biases(weights, attention, config),
            new RelativeMemoryAttention.Kind(
                config.dModel(),
                config.nHead(),
                config.dHead(),
                Distances.TRANSFORMER_XL.within(farthest, dropout),
                new Dropout(config.dropatt())));
    FeedForward feedForward =
        new FeedForward(
            inner,
            Linear.of(inner.child("CoreNet.0"), config.dModel(), config.dInner()),
            Linear.of(inner.child("CoreNet.3"), config.dInner(), config.dModel()),
            Activation.RELU,
            dropout);
    Norm first = norm(attention, config);
    Norm second = norm(inner, config);
    LayerBody each = LayerBody.each(feedForward::apply);
    if (config.preLnorm()) {
      // What is remembered is not normalised: the norm stands within, before both.
      Branch attends =
          new Branch(Norm.NONE, LayerBody.behind(relative.attention(), first), dropout, Norm.NONE);
      return new TransformerLayer(
          layer, new Residual(List.of(attends), Norm.NONE), Residual.pre(second, each, dropout));
    }
    return new TransformerLayer(
        layer,
        Residual.post(first, LayerBody.behind(relative.attention(), Norm.NONE), dropout),
        Residual.post(second, each, dropout));
  }

  /** Where a layer's position biases stand: with it, or once for all. */
  private static Weights biases(Weights weights, Weights attention, TransformerXlConfig config) {
    if (config.untieR()) {
      return attention;
    }
    return weights.has("r_w_bias") ? weights : weights.child("layers.0.dec_attn");
  }

  private static Norm norm(Weights weights, TransformerXlConfig config) {
    return new LayerNorm(weights.child("layer_norm"), config.dModel(), config.layerNormEpsilon());
  }
}
