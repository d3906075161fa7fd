package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The processors that configs name, and what each does where its config says nothing.
 *
 * <p>Source: the constructors of Hugging Face's image processors.
 */
enum ImageProcessorKind {
  BEIT(List.of("Beit"), square(256), Resampling.BICUBIC, 224, Mean.HALF),
  BIT(List.of("Bit"), Size.shortest(224), Resampling.BICUBIC, 224, Mean.CLIP),
  BLIP(List.of("Blip"), square(384), Resampling.BICUBIC, 0, Mean.CLIP),
  CLIP(List.of("CLIP", "ChineseCLIP"), Size.shortest(224), Resampling.BICUBIC, 224, Mean.CLIP),
  CONVNEXT(List.of("ConvNext"), Size.shortest(384), Resampling.BILINEAR, 0, Mean.HALF),
  DEIT(List.of("Deit", "DeiT"), square(256), Resampling.BICUBIC, 224, Mean.HALF),
  DETR(
      List.of("Detr", "ConditionalDetr", "DeformableDetr", "Yolos"),
      new Size(0, 0, 800, 1333, false),
      Resampling.BILINEAR,
      0,
      Mean.IMAGENET),
  LAYOUT(List.of("LayoutLMv3"), square(224), Resampling.BILINEAR, 0, Mean.HALF),
  PVT(List.of("Pvt"), square(224), Resampling.BILINEAR, 0, Mean.IMAGENET),
  SEGFORMER(List.of("Segformer"), square(512), Resampling.BILINEAR, 0, Mean.IMAGENET),
  SIGLIP(List.of("Siglip"), square(224), Resampling.BICUBIC, 0, Mean.HALF),
  VIT(List.of("ViT", "Vit"), square(224), Resampling.BILINEAR, 0, Mean.HALF);

  private final List<String> prefixes;
  private final Size size;
  private final Resampling resampling;
  private final int crop;
  private final Mean mean;

  ImageProcessorKind(List<String> prefixes, Size size, Resampling resampling, int crop, Mean mean) {
    this.prefixes = prefixes;
    this.size = size;
    this.resampling = resampling;
    this.crop = crop;
    this.mean = mean;
  }

  /** Published means and deviations. */
  enum Mean {
    HALF(new double[] {0.5, 0.5, 0.5}, new double[] {0.5, 0.5, 0.5}),
    IMAGENET(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}),
    CLIP(
        new double[] {0.48145466, 0.4578275, 0.40821073},
        new double[] {0.26862954, 0.26130258, 0.27577711});

    private final double[] mean;
    private final double[] deviation;

    Mean(double[] mean, double[] deviation) {
      this.mean = mean;
      this.deviation = deviation;
    }

    double[] mean() {
      return mean.clone();
    }

    double[] deviation() {
      return deviation.clone();
    }
  }

  /**
   * A size as configs write it; 0 for what is not said.
   *
   * @param within whether height and width are limits
   */
  record Size(int height, int width, int shortestEdge, int longestEdge, boolean within) {
    static Size shortest(int edge) {
      return new Size(0, 0, edge, 0, false);
    }
  }

  private static Size square(int edge) {
    return new Size(edge, edge, 0, 0, false);
  }

  Size size() {
    return size;
  }

  Resampling resampling() {
    return resampling;
  }

  /** The edge of the square that is cropped by default; 0 for no cropping. */
  int crop() {
    return crop;
  }

  Mean mean() {
    return mean;
  }

  /** Whether a single number stands for the shorter edge and not for a square. */
  boolean numberIsShortestEdge() {
    return size.shortestEdge > 0;
  }

  /**
   * Finds the processor that a config names, with or without {@code Fast}, under its newer or older
   * key.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for another name or none
   */
  static ImageProcessorKind of(String where, JsonNode config) {
    String name =
        config
            .path("image_processor_type")
            .asString(config.path("feature_extractor_type").asString(""));
    String bare = name.replaceFirst("(ImageProcessor(Fast)?|FeatureExtractor)$", "");
    List<String> known = new ArrayList<>();
    for (ImageProcessorKind kind : values()) {
      if (!bare.equals(name) && kind.prefixes.stream().anyMatch(bare::equalsIgnoreCase)) {
        return kind;
      }
      known.add(kind.prefixes.getFirst() + "ImageProcessor");
    }
    throw new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        "image_processor_type to be one of " + String.join(", ", known),
        Quoted.of(name),
        "Heed lacks this processor; prepare pixel values yourself.");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
