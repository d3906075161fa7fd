package dev.heed.model.detr;

import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.Only;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The sizes of a ResNet (He et al. 2016), named as in its part of {@code config.json}.
 *
 * @param numChannels of an image
 * @param embeddingSize channels of the first convolution
 * @param hiddenSizes channels of each stage
 * @param depths blocks of each stage
 * @param layerType {@code basic}: two convolutions a block; {@code bottleneck}: three, the middle
 *     one of a quarter of the channels
 * @param hiddenAct between convolutions
 * @param downsampleInFirstStage whether the first stage halves the map too
 * @param downsampleInBottleneck whether the first of three convolutions halves it, else the second
 */
record ResNetConfig(
    @Default("3") int numChannels,
    @Default("64") int embeddingSize,
    @Default("[256, 512, 1024, 2048]") List<Integer> hiddenSizes,
    @Default("[3, 4, 6, 3]") List<Integer> depths,
    @Default("bottleneck") @Only({"basic", "bottleneck"}) String layerType,
    @Default("relu") String hiddenAct,
    @Default("false") boolean downsampleInFirstStage,
    @Default("false") boolean downsampleInBottleneck) {
  /** Names of what every backbone has, and a key that every config has. */
  private static final Set<String> OUTPUTS = Set.of("stage_names", "tie_word_embeddings");

  private static final Map<String, ResNetConfig> PUBLISHED =
      Map.of(
          "resnet18", of(List.of(64, 128, 256, 512), List.of(2, 2, 2, 2), "basic"),
          "resnet34", of(List.of(64, 128, 256, 512), List.of(3, 4, 6, 3), "basic"),
          "resnet50", of(List.of(256, 512, 1024, 2048), List.of(3, 4, 6, 3), "bottleneck"),
          "resnet101", of(List.of(256, 512, 1024, 2048), List.of(3, 4, 23, 3), "bottleneck"));

  private static ResNetConfig of(List<Integer> sizes, List<Integer> depths, String type) {
    return new ResNetConfig(3, 64, sizes, depths, type, "relu", false, false);
  }

  /** The backbone that a DETR's config names: its own part, or one of the published ones. */
  static ResNetConfig of(ModelConfig keys) {
    keys.known("backbone", "use_timm_backbone", "use_pretrained_backbone", "backbone_kwargs");
    if (keys.json().path("backbone_config").isObject()) {
      ModelConfig part = keys.part("backbone_config");
      if (!part.json().path("model_type").asString("resnet").equals("resnet")) {
        throw part.unsupported("model_type", "resnet", part.json().get("model_type"));
      }
      ResNetConfig config = part.read(ResNetConfig.class);
      requireLast(part, "out_features", "stage" + config.depths().size());
      requireLast(part, "out_indices", String.valueOf(config.depths().size()));
      part.requireAllKnown(OUTPUTS);
      return config;
    }
    keys.known("backbone_config");
    ResNetConfig published = PUBLISHED.get(keys.json().path("backbone").asString("resnet50"));
    if (published == null) {
      throw keys.unsupported(
          "backbone", "one of " + PUBLISHED.keySet(), keys.json().get("backbone"));
    }
    return published;
  }

  /** What is read is the map of the last stage, which must be the last of those given. */
  private static void requireLast(ModelConfig part, String key, String last) {
    part.known(key);
    JsonNode given = part.json().path(key);
    if (given.isArray()
        && (given.isEmpty() || !given.get(given.size() - 1).asString("").equals(last))) {
      throw part.unsupported(key, "a list that ends in " + last, given);
    }
  }
}
