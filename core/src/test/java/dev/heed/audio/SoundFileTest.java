package dev.heed.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Hostile;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@Tag("integration")
class SoundFileTest {
  private static final long SEED = 20_261_202;
  private static final Path FOLDER = Path.of("src/test/resources/audio");

  /** Every encoding of WAV, and FLAC of every kind of subframe, as libsndfile decodes them. */
  @TestFactory
  Stream<DynamicTest> every_file_equals_libsndfile() {
    try (SafetensorsFile file = decoded()) {
      return file.names().stream().toList().stream()
          .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
    }
  }

  private static SafetensorsFile decoded() {
    return SafetensorsFile.open(FOLDER.resolve("decoded.safetensors"));
  }

  private static void check(String name) {
    Sound sound = SoundFile.read(FOLDER.resolve(name));
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = decoded()) {
      Tensor expected = file.read(name);
      assertThat(sound.channels().length).isEqualTo((int) expected.shape().size(0));
      assertThat(sound.length()).isEqualTo((int) expected.shape().size(1));
      float[] all = new float[sound.channels().length * sound.length()];
      for (int c = 0; c < sound.channels().length; c++) {
        System.arraycopy(sound.channels()[c], 0, all, c * sound.length(), sound.length());
      }
      assertThat(all).isEqualTo(expected.toFloatArray());
    }
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] with(String name, int at, int... values) {
    byte[] bytes = bytes(name);
    for (int i = 0; i < values.length; i++) {
      bytes[at + i] = (byte) values[i];
    }
    return bytes;
  }

  private static void refused(byte[] bytes, Kind kind, String message) {
    Hostile.assertRefused(bytes, kind, message, b -> SoundFile.read("sound", b));
  }

  @Test
  void a_rate_and_channels_are_read() {
    Sound sound = SoundFile.read(FOLDER.resolve("exhaustive.flac"));
    assertThat(sound.rate()).isEqualTo(96_000);
    assertThat(sound.channels()).hasNumberOfRows(2);
  }

  @Test
  void what_is_no_sound_of_a_known_kind_is_refused() {
    refused(new byte[0], Kind.UNSUPPORTED, "a WAV or FLAC file, got an empty file");
    refused(with("s16.wav", 3, '4'), Kind.UNSUPPORTED, "a WAV or FLAC file");
    refused(with("s16.wav", 1, 'F', '6', '4'), Kind.UNSUPPORTED, "RF64");
    refused(with("s16.wav", 0, 'r', 'i', 'f', 'f'), Kind.UNSUPPORTED, "WAVE64");
    refused(with("s16.wav", 8, 'A'), Kind.MALFORMED, "RIFF of type WAVE");
    refused(with("s16.wav", 20, 17), Kind.UNSUPPORTED, "encoding 17 of 16 bits");
    refused(with("s16.wav", 34, 12), Kind.UNSUPPORTED, "encoding 1 of 12 bits");
    refused(with("s16.wav", 22, 0), Kind.VALUE, "from 1 to 64 channels, got 0");
    refused(with("s16.wav", 24, 9, 0), Kind.VALUE, "a sampling rate from 1000 to 768000, got 9");
    refused(with("s16.wav", 32, 3), Kind.VALUE, "frames of 4 bytes, got 3");
    refused(with("s16.wav", 36, 'l'), Kind.TRUNCATED, "a chunk data");
    byte[] cut = bytes("s16.wav");
    refused(Arrays.copyOf(cut, cut.length - 1), Kind.TRUNCATED, "a chunk of 2444 bytes");
    refused(with("s16.wav", 12, 'x'), Kind.MALFORMED, "a chunk fmt before the data");
    assertThatThrownBy(() -> SoundFile.read(Path.of("none.wav")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("none.wav: expected a regular file");
  }

  @Test
  void a_stream_of_unknown_length_goes_on_to_the_end() {
    byte[] piped = with("s16.wav", 40, 0xff, 0xff, 0xff, 0xff);
    assertThat(SoundFile.read("piped", piped).length()).isEqualTo(611);
  }

  @Test
  void samples_that_are_no_numbers_are_refused() {
    byte[] bytes = bytes("f32.wav");
    int data = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("data") + 8;
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(data, Float.NaN);
    refused(bytes, Kind.VALUE, "finite samples, got NaN");
  }

  @Test
  void a_flac_file_is_checked_by_its_sums() {
    byte[] flac = bytes("s16.flac");
    byte[] changed = flac.clone();
    changed[changed.length - 20] ^= 1;
    refused(changed, Kind.MALFORMED, "expected");
    byte[] sum = flac.clone();
    sum[26] ^= 1;
    refused(sum, Kind.MALFORMED, "the stated MD5 sum");
    refused(Arrays.copyOf(flac, flac.length - 9), Kind.TRUNCATED, "more of a frame");
    byte[] more = flac.clone();
    more[25] ^= 1;
    refused(more, Kind.TRUNCATED, "samples");
  }

  @Test
  void a_flac_file_that_states_too_much_is_refused() {
    byte[] flac = bytes("silence.flac");
    flac[21] |= 0x0f;
    refused(flac, Kind.TOO_LARGE, "at most 134217728 samples");
  }

  @Test
  void a_damaged_file_is_read_or_refused() {
    fuzz(300);
  }

  @Test
  @Tag("soak")
  void a_hundred_thousand_damaged_files() {
    fuzz(13_000);
  }

  private static void fuzz(int times) {
    for (String name :
        new String[] {
          "s16.wav",
          "s24x.wav",
          "alaw.wav",
          "f64.wav",
          "s16.flac",
          "fast.flac",
          "exhaustive.flac",
          "silence.flac"
        }) {
      int refused = Hostile.fuzz(bytes(name), SEED, times, b -> SoundFile.read(name, b));
      assertThat(refused).as(name).isGreaterThan(times / 50);
    }
  }
}
