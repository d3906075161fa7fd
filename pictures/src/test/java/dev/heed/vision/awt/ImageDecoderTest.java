package dev.heed.vision.awt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Hostile;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@Tag("integration")
class ImageDecoderTest {
  private static final Path FOLDER = Path.of("src/test/resources/vision");
  private static final long SEED = 20_261_201;
  private static final ImageDecoder DECODER = ImageDecoder.installed();

  /** PNG of every colour type, JPEG baseline, progressive, grey, and every orientation. */
  @TestFactory
  Stream<DynamicTest> every_file_equals_pillow() {
    try (SafetensorsFile file = decoded()) {
      return file.names().stream().toList().stream()
          .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
    }
  }

  private static SafetensorsFile decoded() {
    return SafetensorsFile.open(FOLDER.resolve("decoded.safetensors"));
  }

  private static void check(String name) {
    RgbImage image = DECODER.read(FOLDER.resolve(name));
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = decoded()) {
      Tensor tensor = file.read(name);
      RgbImage expected =
          new RgbImage(
              (int) tensor.shape().size(0), (int) tensor.shape().size(1), tensor.toByteArray());
      assertThat(image.height()).isEqualTo(expected.height());
      assertThat(image.width()).isEqualTo(expected.width());
      // Two decoders of JPEG may round differently.
      int allowed = name.endsWith(".png") ? 0 : 1;
      for (int i = 0; i < image.pixels().length; i++) {
        int difference = (image.pixels()[i] & 0xff) - (expected.pixels()[i] & 0xff);
        assertThat(Math.abs(difference)).as("byte %d", i).isLessThanOrEqualTo(allowed);
      }
    }
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void sizes_are_checked_before_decoding() {
    byte[] bomb = bytes("rgb.png");
    ByteBuffer.wrap(bomb).putInt(16, 60_000).putInt(20, 60_000);
    refused(bomb, Kind.TOO_LARGE, "at most 67108864 pixels, got 60000 × 60000");
    ByteBuffer.wrap(bomb).putInt(16, 8000).putInt(20, 8000);
    refused(bomb, Kind.TRUNCATED, "bytes for 8000 × 8000 pixels");
    ByteBuffer.wrap(bomb).putInt(16, -1).putInt(20, 5);
    refused(bomb, Kind.VALUE, "positive sizes");
    byte[] jpeg = bytes("colour.jpg");
    int frame = indexOf(jpeg, 0xc0);
    ByteBuffer.wrap(jpeg).putShort(frame + 4, (short) 0xffff).putShort(frame + 6, (short) 1000);
    refused(jpeg, Kind.TRUNCATED, "bytes for 65535 × 1000 pixels");
  }

  /** Where a marker stands; its segment's length follows after two bytes. */
  private static int indexOf(byte[] jpeg, int marker) {
    for (int i = 0; i < jpeg.length - 1; i++) {
      if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) marker) {
        return i + 1;
      }
    }
    throw new IllegalStateException("no marker " + marker);
  }

  private static void refused(byte[] bytes, Kind kind, String message) {
    Hostile.assertRefused(bytes, kind, message, b -> DECODER.read("image", b));
  }

  @Test
  void what_is_no_image_of_a_known_kind_is_refused() {
    refused(new byte[0], Kind.UNSUPPORTED, "a PNG or JPEG file, got an empty file");
    refused(
        "GIF89a".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        Kind.UNSUPPORTED,
        "PNG or JPEG");
    byte[] png = bytes("rgb.png");
    refused(java.util.Arrays.copyOf(png, png.length - 5), Kind.TRUNCATED, "chunk");
    byte[] depth = png.clone();
    depth[24] = 3;
    refused(depth, Kind.MALFORMED, "colour type 2, depth 3");
    byte[] lossless = bytes("colour.jpg");
    lossless[indexOf(lossless, 0xc0)] = (byte) 0xc3;
    refused(lossless, Kind.UNSUPPORTED, "coding process 3");
    assertThatThrownBy(() -> DECODER.read(Path.of("no-such.png")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no-such.png: expected a regular file");
  }

  @Test
  void a_file_of_many_scans_is_refused() {
    byte[] jpeg = bytes("progressive.jpg");
    int scan = indexOf(jpeg, 0xda) - 1;
    byte[] scans = new byte[scan + 101 * 10];
    System.arraycopy(jpeg, 0, scans, 0, scan);
    for (int at = scan; at < scans.length; at += 10) {
      ByteBuffer.wrap(scans)
          .put(at, (byte) 0xff)
          .put(at + 1, (byte) 0xda)
          .putShort(at + 2, (short) 6);
    }
    refused(scans, Kind.TOO_LARGE, "at most 100 scans");
  }

  @Test
  void a_damaged_file_is_read_or_refused() {
    fuzz(500);
  }

  @Test
  @Tag("soak")
  void a_hundred_thousand_damaged_files() {
    fuzz(20_000);
  }

  private static void fuzz(int times) {
    for (String name :
        new String[] {
          "rgb.png", "palette.png", "turned-3.png", "turned-6.jpg", "progressive.jpg"
        }) {
      int refused = Hostile.fuzz(bytes(name), SEED, times, b -> DECODER.read(name, b));
      assertThat(refused).as(name).isGreaterThan(times / 50);
    }
  }
}
