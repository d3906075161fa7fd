package dev.heed.model.bart;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Only;
import dev.heed.model.bigbird.BigBirdFrame;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** BigBird-Pegasus checkpoints (Zaheer et al. 2020): Pegasus whose encoder sees in blocks. */
public final class BigBirdPegasusFamily implements ModelFamily {
  record Choices(
      @Default("block_sparse") @Only({"block_sparse", "original_full"}) String attentionType,
      @Default("64") int blockSize,
      @Default("3") int numRandomBlocks,
      @Default("false") boolean useBias) {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("bigbird_pegasus");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "BigBirdPegasusForConditionalGeneration",
        (weights, keys) -> assembly(keys).language(weights, config(keys)));
    builders.put(
        "BigBirdPegasusModel", (weights, keys) -> assembly(keys).model(weights, config(keys)));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "lm_head", "final_logits_bias", "classification_head");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Layer drop is of training alone.
    return Set.of("decoder_layerdrop", "encoder_layerdrop", "num_hidden_layers");
  }

  private static BartConfig config(ModelConfig keys) {
    return keys.defaults(
            Map.of(
                "vocab_size", "96103",
                "max_position_embeddings", "4096",
                "encoder_layers", "16",
                "decoder_layers", "16",
                "activation_function", "\"gelu_new\"",
                "pad_token_id", "0",
                "decoder_start_token_id", "2",
                "eos_token_id", "1",
                "scale_embedding", "true"))
        .read(BartConfig.class);
  }

  private static BartAssembly assembly(ModelConfig keys) {
    Choices choices = keys.read(Choices.class);
    BartConfig whole = config(keys);
    // The norm after the last layer has the name of one of the embeddings.
    BartStyle style =
        new BartStyle(
            true,
            false,
            true,
            (half, config) ->
                BartPositions.plain(half, config.maxPositionEmbeddings(), config.dModel()),
            "layernorm_embedding",
            choices.useBias());
    BigBirdFrame frame =
        new BigBirdFrame(
            choices.blockSize(),
            choices.numRandomBlocks(),
            whole.encoderAttentionHeads(),
            choices.attentionType().equals("block_sparse"));
    return new BartAssembly(
        style,
        "model",
        (weights, config, number) ->
            config
                .layer(false, true)
                .encoder(weights, attention(weights.child("self_attn"), config, choices.useBias())),
        frame,
        ids -> frame.fill(ids, whole.padTokenId()));
  }

  private static MultiHeadAttention attention(Weights weights, BartConfig config, boolean bias) {
    Weights self = weights.child("self");
    long size = config.dModel();
    return new MultiHeadAttention(
        self,
        new HeadProjections.Separate(
            Linear.of(self.child("query"), size, size, bias),
            Linear.of(self.child("key"), size, size, bias),
            Linear.of(self.child("value"), size, size, bias),
            Linear.of(weights.child("output"), size, size, bias)),
        config.encoderAttentionHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.attentionDropout()));
  }
}
