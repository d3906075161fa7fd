package dev.heed.vision;

import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.tensor.Shape;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class ImageProcessorTest {
  private static ImageProcessor of(String config) {
    String json = config.replace('\'', '"');
    return ImageProcessor.of("p.json", JsonMapper.shared().readTree(json));
  }

  private static RgbImage level(int height, int width, int level) {
    byte[] pixels = new byte[3 * height * width];
    Arrays.fill(pixels, (byte) level);
    return new RgbImage(height, width, pixels);
  }

  /** What each processor makes of an image of 300 rows and 700 columns where its config is bare. */
  @ParameterizedTest
  @CsvSource({
    "ViTImageProcessor, 224, 224",
    "ViTFeatureExtractor, 224, 224",
    "ViTImageProcessorFast, 224, 224",
    "CLIPImageProcessor, 224, 224",
    "DeiTFeatureExtractor, 224, 224",
    "BeitImageProcessor, 224, 224",
    "BitImageProcessor, 224, 224",
    "BlipImageProcessor, 384, 384",
    "SiglipImageProcessor, 224, 224",
    "SegformerImageProcessor, 512, 512",
    "PvtImageProcessor, 224, 224",
    "ConvNextImageProcessor, 384, 384",
    "DetrImageProcessor, 571, 1332",
    "YolosFeatureExtractor, 571, 1332"
  })
  void has_its_processor_s_defaults(String name, int height, int width) {
    try (TensorScope scope = TensorScope.open()) {
      ImageProcessor processor = of("{'image_processor_type': '" + name + "'}");
      assertThat(processor.process(List.of(level(300, 700, 9))).pixelValues().shape())
          .isEqualTo(Shape.of(1, 3, height, width));
    }
  }

  @Test
  void sizes_may_be_spelt_in_many_ways() {
    assertSize("'image_processor_type':'ViTImageProcessor','size':7", 7, 7);
    assertSize("'image_processor_type':'ViTImageProcessor','size':[5,7]", 5, 7);
    assertSize(
        "'feature_extractor_type':'CLIPFeatureExtractor','size':11,'do_center_crop':false", 11, 25);
    assertSize(
        "'image_processor_type':'CLIPImageProcessor','size':11,'default_to_square':true,"
            + "'do_center_crop':false",
        11,
        11);
    assertSize("'image_processor_type':'CLIPImageProcessor','size':11,'crop_size':13", 13, 13);
    assertSize("'feature_extractor_type':'DetrFeatureExtractor','size':30,'max_size':61", 26, 60);
    assertSize(
        "'image_processor_type':'DetrImageProcessor','size':{'max_height':29,'max_width':35}",
        15,
        35);
    assertSize(
        "'image_processor_type':'DetrImageProcessor','size':{'shortest_edge':3,'longest_edge':99},"
            + "'pad_size':{'height':11,'width':13}",
        11,
        13);
    assertSize(
        "'image_processor_type':'ConvNextImageProcessor','size':{'shortest_edge':14},'crop_pct':0.5",
        14,
        14);
    assertSize("'image_processor_type':'ViTImageProcessor','do_resize':false", 300, 700);
  }

  private static void assertSize(String config, int height, int width) {
    try (TensorScope scope = TensorScope.open()) {
      assertThat(of("{" + config + "}").process(List.of(level(300, 700, 9))).pixelValues().shape())
          .isEqualTo(Shape.of(1, 3, height, width));
    }
  }

  @Test
  void levels_are_scaled_and_normalised_by_channel() {
    String sized = "{'image_processor_type':'ViTImageProcessor','size':1,";
    try (TensorScope scope = TensorScope.open()) {
      RgbImage image = new RgbImage(1, 1, new byte[] {0, 51, (byte) 255});
      List<RgbImage> one = List.of(image);
      assertValues(of(sized + "'do_normalize':false}").process(one).pixelValues(), 0, 0.2, 1);
      assertValues(
          of(sized + "'do_rescale':false,'do_normalize':false}").process(one).pixelValues(),
          0,
          51,
          255);
      assertValues(
          of(sized + "'image_mean':[0,0.2,0.5],'image_std':[1,2,0.25]}").process(one).pixelValues(),
          0,
          0,
          2);
      assertValues(
          of(sized + "'rescale_factor':1,'image_mean':1,'image_std':2}").process(one).pixelValues(),
          -0.5,
          25,
          127);
    }
  }

  @Test
  void a_batch_is_padded_with_zeros_and_masked() {
    ImageProcessor processor =
        of("{'image_processor_type':'DetrImageProcessor','do_resize':false,'do_normalize':false}");
    try (TensorScope scope = TensorScope.open()) {
      ImageBatch batch = processor.process(List.of(level(1, 2, 255), level(2, 1, 255)));
      assertThat(batch.pixelValues().shape()).isEqualTo(Shape.of(2, 3, 2, 2));
      assertValues(batch.pixelMask(), 1, 1, 0, 0, 1, 0, 1, 0);
      assertValues(
          batch.pixelValues(),
          1,
          1,
          0,
          0,
          1,
          1,
          0,
          0,
          1,
          1,
          0,
          0,
          1,
          0,
          1,
          0,
          1,
          0,
          1,
          0,
          1,
          0,
          1,
          0);
    }
  }

  @Test
  void the_middle_is_cropped_or_framed_in_black() {
    RgbImage image = new RgbImage(1, 3, new byte[] {1, 1, 1, 2, 2, 2, 3, 3, 3});
    assertThat(reds(CenterCrop.crop(image, 1, 1))).containsExactly(2);
    assertThat(reds(CenterCrop.crop(image, 1, 2))).containsExactly(1, 2);
    assertThat(reds(CenterCrop.crop(image, 1, 6))).containsExactly(0, 0, 1, 2, 3, 0);
    assertThat(reds(CenterCrop.crop(image, 2, 1))).containsExactly(0, 2);
  }

  private static int[] reds(RgbImage image) {
    int[] reds = new int[image.height() * image.width()];
    for (int i = 0; i < reds.length; i++) {
      reds[i] = image.pixels()[3 * i];
    }
    return reds;
  }

  @Test
  void what_is_not_honoured_is_refused_by_name() {
    refused("{'size':7}", "image_processor_type to be one of BeitImageProcessor", "got \"\"");
    refused("{'image_processor_type':'OwlViTImageProcessor'}", "got \"OwlViTImageProcessor\"");
    refused("{'image_processor_type':'ViTImageProcessor','do_sharpen':true}", "got \"do_sharpen\"");
    refused(
        "{'image_processor_type':'ViTImageProcessor','data_format':'channels_last'}",
        "expected data_format channels_first");
    refused("{'image_processor_type':'LayoutLMv3ImageProcessor'}", "apply_ocr false");
    refused(
        "{'image_processor_type':'LayoutLMv3ImageProcessor','apply_ocr':true}", "apply_ocr false");
    refused("{'image_processor_type':'ViTImageProcessor','size':0}", "edges from 1 to 8192");
    refused("{'image_processor_type':'ViTImageProcessor','size':{'edge':3}}", "a size of height");
    refused("{'image_processor_type':'ViTImageProcessor','resample':9}", "resample from 0 to 5");
    refused("{'image_processor_type':'ViTImageProcessor','image_std':[1,0,1]}", "positive numbers");
    refused("{'image_processor_type':'ViTImageProcessor','image_mean':[1,2]}", "three numbers");
  }

  private static void refused(String config, String... parts) {
    assertThatThrownBy(() -> of(config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("p.json: expected")
        .hasMessageContainingAll(parts);
  }

  @Test
  void images_that_make_no_batch_are_refused() {
    ImageProcessor processor = of("{'image_processor_type':'ViTImageProcessor','do_resize':false}");
    assertThatThrownBy(() -> processor.process(List.of()))
        .hasMessageContaining("expected at least one");
    assertThatThrownBy(() -> processor.process(List.of(level(1, 2, 0), level(2, 1, 0))))
        .hasMessageContaining("got [1 × 2, 2 × 1]");
    ImageProcessor narrow = of("{'image_processor_type':'CLIPImageProcessor'}");
    assertThatThrownBy(() -> narrow.process(List.of(level(1, 9000, 0))))
        .hasMessageContaining("so long and narrow");
  }
}
