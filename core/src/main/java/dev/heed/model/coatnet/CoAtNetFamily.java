package dev.heed.model.coatnet;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.model.Default;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.SealedModel;
import dev.heed.model.coatnet.CoAtNetConfig.BlockType;
import dev.heed.model.head.ClassifierHead;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * CoAtNet with a config of Heed's own: there is none that its publications share. The classes come
 * from {@code id2label}.
 */
public final class CoAtNetFamily implements ModelFamily {
  /**
   * The sizes, those of CoAtNet-0 where nothing is said (Dai et al. 2021, table 3).
   *
   * @param imageSize height and width in pixels, a multiple of 32
   * @param numChannels of an image
   * @param numBlocks of the five stages
   * @param hiddenSizes channels of the five stages
   * @param blockTypes of the last four stages: convolution or transformer
   * @param numAttentionHeads of the attention
   * @param headSize of the attention
   */
  record Sizes(
      @Default("224") int imageSize,
      @Default("3") int numChannels,
      @Default("[2, 2, 3, 5, 2]") List<Integer> numBlocks,
      @Default("[64, 96, 192, 384, 768]") List<Integer> hiddenSizes,
      @Default("[\"convolution\", \"convolution\", \"transformer\", \"transformer\"]")
          List<String> blockTypes,
      @Default("8") int numAttentionHeads,
      @Default("32") int headSize) {
    CoAtNetConfig config(ModelConfig keys) {
      try {
        return new CoAtNetConfig(
            imageSize,
            numChannels,
            numBlocks,
            hiddenSizes,
            blockTypes.stream().map(type -> type(keys, type)).toList(),
            numAttentionHeads,
            headSize,
            keys.labels().size());
      } catch (IllegalArgumentException e) {
        throw new CheckpointException(
            Kind.VALUE,
            keys.where(),
            "sizes of a CoAtNet",
            String.valueOf(e.getMessage()),
            "Correct the config.");
      }
    }

    private static BlockType type(ModelConfig keys, String name) {
      return switch (name) {
        case "convolution" -> BlockType.CONVOLUTION;
        case "transformer" -> BlockType.TRANSFORMER;
        default ->
            throw keys.unsupported(
                "block_types", "convolution or transformer", keys.json().get("block_types"));
      };
    }
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("coatnet");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("CoAtNetForImageClassification", CoAtNetFamily::images);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  private static Model images(Weights weights, ModelConfig keys) {
    CoAtNet network = new CoAtNet(weights, keys.read(Sizes.class).config(keys));
    ClassifierHead head =
        new ClassifierHead((run, logits) -> logits, ClassifierHead.Problem.of(keys));
    return new SealedModel(
        weights,
        run -> {
          Tensor logits = network.apply(run.input().require("pixel_values"), run.trace());
          head.apply(run, logits, logits);
        },
        null);
  }
}
