package dev.heed.model.t5;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.TransientGlobalAttention;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Only;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/**
 * LongT5 checkpoints (Guo et al. 2022): T5 whose encoder sees tokens nearby, and, if transient
 * global, sums of blocks of tokens everywhere.
 */
public final class LongT5Family implements ModelFamily {
  private static final String GLOBAL = "TransientGlobalSelfAttention";

  /**
   * How the encoder reads.
   *
   * @param encoderAttentionType with summaries of blocks or without
   * @param localRadius tokens seen before and after each
   * @param globalBlockSize tokens summed up in one
   */
  record Choices(
      @Default("local") @Only({"local", "transient-global"}) String encoderAttentionType,
      @Default("127") int localRadius,
      @Default("16") int globalBlockSize) {
    /** Checks the sizes. */
    Choices {
      if (localRadius < 1 || globalBlockSize < 1) {
        throw new IllegalArgumentException(
            "local_radius, global_block_size: expected numbers from 1, got "
                + localRadius
                + " and "
                + globalBlockSize);
      }
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("longt5");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "LongT5ForConditionalGeneration", (weights, keys) -> assembly(keys).language(weights));
    builders.put("LongT5Model", (weights, keys) -> assembly(keys).model(weights));
    builders.put("LongT5EncoderModel", (weights, keys) -> assembly(keys).encoder(weights));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    // It has no positions, whatever length old files name.
    return Set.of("n_positions", "tokenizer_class");
  }

  private static T5Assembly assembly(ModelConfig keys) {
    T5Config config = keys.read(T5Config.class);
    Choices choices = keys.read(Choices.class);
    int radius = choices.localRadius();
    return new T5Assembly(
        config,
        false,
        choices.encoderAttentionType().equals("local")
            ? new T5Reading(
                "LocalSelfAttention", AttentionMask.window(radius, radius), T5Reading.Mixers.OWN)
            : new T5Reading(GLOBAL, null, (encoder, sizes) -> global(encoder, sizes, choices)));
  }

  private static T5Reading.Maker global(Weights encoder, T5Config config, Choices choices) {
    // The first layer has the table of all.
    Weights first = encoder.child("block", 0).child("layer.0").child(GLOBAL);
    Tensor table = T5Stack.table(first, "global_relative_attention_bias", config);
    return (block, own) -> {
      Weights weights = block.child("layer.0").child(GLOBAL);
      return new TransientGlobalAttention(
          weights,
          own,
          T5Stack.norm(weights.child("global_input_layer_norm"), config),
          new TransientGlobalAttention.Sums(
              choices.localRadius(), choices.globalBlockSize(), config.buckets(true), table));
    };
  }
}
