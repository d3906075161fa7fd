package dev.heed.model.bart;

import dev.heed.attention.sparse.LongformerSelfAttention;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.longformer.LongformerFrame;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** LED checkpoints (Beltagy et al. 2020): BART whose encoder is Longformer's. */
public final class LedFamily implements ModelFamily {
  /** Which tokens see all is as the call says. */
  private static final LongformerFrame FRAME =
      new LongformerFrame(LongformerFrame.Globals.NONE, -1);

  record Choices(
      @Nullable JsonNode attentionWindow,
      @Default("16384") int maxEncoderPositionEmbeddings,
      @Default("1024") int maxDecoderPositionEmbeddings,
      @Default("12") int encoderLayers) {
    List<Integer> windows() {
      List<Integer> windows = new ArrayList<>();
      if (attentionWindow != null && attentionWindow.isArray()) {
        attentionWindow.forEach(width -> windows.add(width.asInt(0)));
      } else {
        windows.addAll(
            Collections.nCopies(
                encoderLayers, attentionWindow == null ? 512 : attentionWindow.asInt(0)));
      }
      if (windows.size() != encoderLayers
          || windows.stream().anyMatch(width -> width < 2 || width % 2 != 0)) {
        throw new IllegalArgumentException(
            "attention_window: expected an even number, or one for each of the "
                + encoderLayers
                + " layers, got "
                + attentionWindow);
      }
      return windows;
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("led");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "LEDForConditionalGeneration",
        (weights, keys) -> assembly(keys).language(weights, config(keys)));
    builders.put("LEDModel", (weights, keys) -> assembly(keys).model(weights, config(keys)));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("led", "lm_head", "final_logits_bias", "classification_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone; the others are of older versions.
    return Set.of(
        "_num_labels",
        "classif_dropout",
        "decoder_layerdrop",
        "encoder_layerdrop",
        "normalize_before",
        "normalize_embedding",
        "num_hidden_layers",
        "scale_embedding",
        "static_position_embeddings",
        "add_bias_logits",
        "add_final_layer_norm",
        "max_position_embeddings");
  }

  private static BartConfig config(ModelConfig keys) {
    return keys.defaults(Map.of("decoder_start_token_id", "2", "scale_embedding", "false"))
        .read(BartConfig.class);
  }

  private static BartAssembly assembly(ModelConfig keys) {
    Choices choices = keys.read(Choices.class);
    BartStyle style =
        new BartStyle(
            false,
            true,
            true,
            (half, config) ->
                BartPositions.plain(
                    half,
                    half.path().endsWith("encoder")
                        ? choices.maxEncoderPositionEmbeddings()
                        : choices.maxDecoderPositionEmbeddings(),
                    config.dModel()));
    List<Integer> windows = choices.windows();
    int widest = Collections.max(windows);
    return new BartAssembly(
        style,
        "led",
        (weights, config, number) ->
            config
                .layer(false, false)
                .encoder(
                    weights,
                    attention(weights.child("self_attn"), config, windows.get(number), widest)),
        FRAME,
        ids -> ids);
  }

  private static LongformerSelfAttention attention(
      Weights weights, BartConfig config, int window, int widest) {
    return new LongformerSelfAttention(
        weights.child("longformer_self_attn"),
        Linear.of(weights.child("output"), config.dModel(), config.dModel()),
        config.encoderAttentionHeads(),
        window / 2,
        widest,
        new Dropout(config.attentionDropout()));
  }
}
