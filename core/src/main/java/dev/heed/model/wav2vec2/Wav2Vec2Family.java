package dev.heed.model.wav2vec2;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** wav2vec 2.0 and HuBERT checkpoints. */
public final class Wav2Vec2Family implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("wav2vec2", "hubert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    for (String name : new String[] {"Wav2Vec2", "Hubert"}) {
      builders.put(name + "ForCTC", Wav2Vec2Family::letters);
      builders.put(name + "Model", Wav2Vec2Family::model);
      builders.put(name + "ForSequenceClassification", Wav2Vec2Family::sounds);
    }
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .with("^hubert\\.", "wav2vec2.")
        .with("parametrizations\\.weight\\.original0$", "weight_g")
        .with("parametrizations\\.weight\\.original1$", "weight_v")
        .base(
            "wav2vec2",
            "lm_head",
            "projector",
            "classifier",
            "quantizer",
            "project_q",
            "project_hid");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of training alone, of heads that Heed does not have, and of adapters, which are refused.
    return Set.of(
        "activation_dropout_prob",
        "adapter_kernel_size",
        "adapter_stride",
        "apply_spec_augment",
        "codevector_dim",
        "contrastive_logits_temperature",
        "diversity_loss_weight",
        "feat_extract_dropout",
        "feat_quantizer_dropout",
        "gradient_checkpointing",
        "layerdrop",
        "mask_channel_length",
        "mask_channel_min_space",
        "mask_channel_other",
        "mask_channel_prob",
        "mask_channel_selection",
        "mask_feature_length",
        "mask_feature_min_masks",
        "mask_feature_prob",
        "mask_time_length",
        "mask_time_min_masks",
        "mask_time_min_space",
        "mask_time_other",
        "mask_time_prob",
        "mask_time_selection",
        "num_adapter_layers",
        "num_codevector_groups",
        "num_codevectors_per_group",
        "num_feat_extract_layers",
        "num_negatives",
        "output_hidden_size",
        "proj_codevector_dim",
        "tdnn_dilation",
        "tdnn_dim",
        "tdnn_kernel",
        "xvector_output_dim");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys.read(Wav2Vec2Config.class), frames -> Head.NONE);
  }

  private static Model letters(Weights weights, ModelConfig keys) {
    Wav2Vec2Config config = keys.read(Wav2Vec2Config.class);
    Linear letters = Linear.of(weights.child("lm_head"), config.hiddenSize(), config.vocabSize());
    return build(weights, config, frames -> new CtcHead(letters, frames.extractor(), config));
  }

  /** Reads the mean of the projected frames. */
  private static Model sounds(Weights weights, ModelConfig keys) {
    Wav2Vec2Config config = keys.read(Wav2Vec2Config.class);
    Linear projector =
        Linear.of(weights.child("projector"), config.hiddenSize(), config.classifierProjSize());
    Linear classifier =
        Linear.of(weights.child("classifier"), config.classifierProjSize(), keys.labels().size());
    ClassifierHead classes =
        new ClassifierHead((run, mean) -> classifier.apply(mean), ClassifierHead.Problem.of(keys));
    return build(
        weights,
        config,
        frames ->
            (run, hidden, pooled) ->
                classes.apply(run, hidden, mean(run, projector.apply(hidden), frames)));
  }

  private static Tensor mean(Run run, Tensor states, FrameEmbeddings frames) {
    @Nullable Tensor keep =
        frames.extractor().keep(run.input().truth("attention_mask"), states.size(1));
    if (keep == null) {
      return states.mean(1, false);
    }
    Tensor weights = keep.to(states.dtype());
    return states.mul(weights.unsqueeze(-1)).sum(1, false).div(weights.sum(1, true));
  }

  private static Model build(
      Weights root, Wav2Vec2Config config, Function<FrameEmbeddings, Head> head) {
    Weights weights = root.child("wav2vec2");
    FrameEmbeddings frames = new FrameEmbeddings(weights, config);
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("encoder.layers", i), config))
            .toList();
    TransformerStack stack =
        config.doStableLayerNorm()
            ? TransformerStack.of(layers, norm(weights.child("encoder.layer_norm"), config))
            : TransformerStack.of(layers);
    return new EncoderModel(
        root,
        new EncoderModel.Parts(frames::apply, stack, null, head.apply(frames), null).in(frames));
  }

  private static TransformerLayer layer(Weights weights, Wav2Vec2Config config) {
    int size = config.hiddenSize();
    Dropout dropout = new Dropout(config.hiddenDropout());
    Weights attention = weights.child("attention");
    LayerBody self =
        LayerBody.self(
            new MultiHeadAttention(
                attention,
                HeadProjections.of(attention, size),
                config.numAttentionHeads(),
                List.of(),
                ScaledDotProduct.dropping(config.attentionDropout())));
    Weights inner = weights.child("feed_forward");
    FeedForward network =
        new FeedForward(
            inner,
            Linear.of(inner.child("intermediate_dense"), size, config.intermediateSize()),
            Linear.of(inner.child("output_dense"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            new Dropout(config.activationDropout()));
    LayerBody feedForward = LayerBody.each(network::apply);
    LayerNorm first = norm(weights.child("layer_norm"), config);
    LayerNorm last = norm(weights.child("final_layer_norm"), config);
    return config.doStableLayerNorm()
        ? new TransformerLayer(
            weights, Residual.pre(first, self, dropout), Residual.pre(last, feedForward, dropout))
        : new TransformerLayer(
            weights,
            Residual.post(first, self, dropout),
            Residual.post(last, feedForward, dropout));
  }

  private static LayerNorm norm(Weights weights, Wav2Vec2Config config) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }
}
