package dev.heed.checkpoint;

import static dev.heed.checkpoint.CheckpointException.Kind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.Shape;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class TorchArchiveTest {
  private static final byte[] SIX = OnnxBytes.floats(1, 2, 3, 4, 5, 6);

  @TempDir Path folder;

  @Test
  void reads_dense_shifted_and_transposed_views_of_one_storage() throws IOException {
    byte[] pickle =
        TorchBytes.dict()
            .text("dense")
            .tensor("FloatStorage", "0", 6, 0, new int[] {2, 3}, new int[] {3, 1})
            .text("row")
            .tensor("FloatStorage", "0", 6, 3, new int[] {3}, new int[] {1})
            .text("turned")
            .tensor("FloatStorage", "0", 6, 0, new int[] {3, 2}, new int[] {1, 3})
            .text("epoch")
            .number(7)
            .op('u')
            .done();
    try (TensorScope scope = TensorScope.open();
        TorchArchive archive = open(pickle, SIX)) {
      assertThat(archive.tensors().keySet()).containsExactly("dense", "row", "turned");
      assertThat(archive.read("dense").shape()).isEqualTo(Shape.of(2, 3));
      assertThat(archive.read("dense").toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(archive.read("row").toFloatArray()).containsExactly(4, 5, 6);
      assertThat(archive.read("turned").toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void finds_the_state_dict_inside_a_training_checkpoint() throws IOException {
    byte[] pickle =
        TorchBytes.dict()
            .text("state_dict")
            .op('}', '(')
            .text("w")
            .tensor("FloatStorage", "0", 6, 0, new int[] {6}, new int[] {1})
            .op('u', 'u')
            .done();
    try (TorchArchive archive = open(pickle, SIX)) {
      assertThat(archive.tensors().keySet()).containsExactly("w");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pickles")
  @Timeout(1)
  void is_refused(String name, byte[] pickle, Kind kind, String message) {
    Hostile.assertRefused(pickle, kind, message, p -> open(p, SIX));
  }

  static Stream<Arguments> pickles() {
    int[] six = {6};
    int[] one = {1};
    return Stream.of(
        Arguments.of(
            "a call of os.system",
            new TorchBytes().name("os", "system").text("true").op(0x85, 'R').done(),
            Kind.UNSAFE,
            "a call of \"os.system\""),
        Arguments.of(
            "eval under protocol 4",
            new TorchBytes().text("builtins").text("eval").op(0x93).text("1").op(0x85, 'R').done(),
            Kind.UNSAFE,
            "builtins.eval"),
        Arguments.of(
            "an instance of any class",
            new TorchBytes().name("subprocess", "Popen").op(')', 0x81).done(),
            Kind.UNSAFE,
            "subprocess.Popen"),
        Arguments.of(
            "state of a foreign object",
            TorchBytes.dict().op('u').name("os", "x").op('}', 'b').done(),
            Kind.UNSAFE,
            "an object's own state"),
        Arguments.of(
            "a call of a call",
            new TorchBytes().text("x").op(')', 'R').done(),
            Kind.UNSAFE,
            "not a name"),
        Arguments.of(
            "the INST opcode", new TorchBytes().op('(', 'i').done(), Kind.MALFORMED, "opcode 0x69"),
        Arguments.of(
            "the extension registry",
            new TorchBytes().op(0x82, 1).done(),
            Kind.MALFORMED,
            "opcode 0x82"),
        Arguments.of("an empty pickle", new byte[0], Kind.TRUNCATED, "a pickle that stops"),
        Arguments.of(
            "no stop", new byte[] {(byte) 0x80, 2, '}'}, Kind.TRUNCATED, "a pickle that stops"),
        Arguments.of(
            "a string of two gigabytes",
            new byte[] {(byte) 0x80, 2, 'X', -1, -1, -1, 127, 'a'},
            Kind.TRUNCATED,
            "2147483647 bytes"),
        Arguments.of(
            "an empty stack",
            new TorchBytes().op('0').done(),
            Kind.MALFORMED,
            "a value on the stack"),
        Arguments.of(
            "no mark", new TorchBytes().op('t').done(), Kind.MALFORMED, "a mark on the stack"),
        Arguments.of("an empty memo", new TorchBytes().op('h', 7).done(), Kind.MALFORMED, "slot 7"),
        Arguments.of(
            "a list", new TorchBytes().op(']').done(), Kind.MALFORMED, "a dict of tensors"),
        Arguments.of(
            "a dict as key",
            TorchBytes.dict().op('}', 'N', 'u').done(),
            Kind.MALFORMED,
            "a string as key"),
        Arguments.of("half a pair", TorchBytes.dict().op('N', 'u').done(), Kind.MALFORMED, "pairs"),
        Arguments.of(
            "an unknown storage",
            weight("QInt8Storage", 6, 0, six, one),
            Kind.UNKNOWN_TYPE,
            "torch.QInt8Storage"),
        Arguments.of(
            "a storage that is not there",
            TorchBytes.dict()
                .text("w")
                .tensor("FloatStorage", "../1", 6, 0, six, one)
                .op('u')
                .done(),
            Kind.NOT_FOUND,
            "an entry"),
        Arguments.of(
            "a storage larger than its entry",
            weight("FloatStorage", 7, 0, six, one),
            Kind.TRUNCATED,
            "7 elements of F32"),
        Arguments.of(
            "a view beyond its storage",
            weight("FloatStorage", 6, 1, six, one),
            Kind.SHAPE,
            "a view inside its storage"),
        Arguments.of(
            "a view that repeats one element",
            weight("FloatStorage", 6, 0, new int[] {1 << 30, 1 << 20}, new int[] {0, 0}),
            Kind.SHAPE,
            "a view inside its storage"),
        Arguments.of(
            "a negative stride",
            weight("FloatStorage", 6, 5, six, new int[] {-1}),
            Kind.SHAPE,
            "a view inside its storage"),
        Arguments.of(
            "a negative offset",
            weight("FloatStorage", 6, -1, one, one),
            Kind.SHAPE,
            "a view inside its storage"),
        Arguments.of(
            "a negative size",
            weight("FloatStorage", 6, 0, new int[] {-6}, one),
            Kind.SHAPE,
            "negative"),
        Arguments.of(
            "fewer strides than sizes",
            weight("FloatStorage", 6, 0, new int[] {2, 3}, one),
            Kind.SHAPE,
            "a view inside its storage"));
  }

  @Test
  void compressed_entries_are_refused_before_they_are_inflated() throws IOException {
    byte[] zeros = new byte[20 << 20];
    Path file =
        TorchBytes.zip(folder.resolve("bomb.bin"), ZipEntry.DEFLATED, Map.of("data.pkl", zeros));
    Hostile.assertRefused(
        new byte[0], Kind.TOO_LARGE, "an uncompressed entry", b -> TorchArchive.open(file));
  }

  @Test
  void a_file_that_is_no_archive_says_what_to_do() throws IOException {
    Path file = Files.write(folder.resolve("old.bin"), new byte[] {(byte) 0x80, 2, '.'});
    assertThatThrownBy(() -> TorchArchive.open(file))
        .hasMessageContaining("a zip archive, as PyTorch 1.6 and newer write")
        .hasMessageContaining("Load and save it with a current PyTorch");
  }

  @Test
  void an_archive_without_a_pickle_is_refused() throws IOException {
    Path file = TorchBytes.zip(folder.resolve("none.bin"), ZipEntry.STORED, Map.of("x", SIX));
    assertThatThrownBy(() -> TorchArchive.open(file)).hasMessageContaining("NAME/data.pkl");
  }

  @Test
  void thousands_of_damaged_archives_are_read_or_refused() throws IOException {
    byte[] pickle = weight("FloatStorage", 6, 0, new int[] {3, 2}, new int[] {1, 3});
    byte[] valid =
        Files.readAllBytes(
            TorchBytes.zip(
                folder.resolve("m.bin"),
                ZipEntry.STORED,
                Map.of("data.pkl", pickle, "data/0", SIX)));
    Path file = folder.resolve("mutated.bin");
    int refused = Hostile.fuzz(valid, 20_261_123, 2000, bytes -> readAll(write(file, bytes)));
    assertThat(refused).isGreaterThan(500);
    assertThat(Hostile.fuzz(pickle, 20_261_124, 4000, bytes -> TorchStateDict.read("p", bytes)))
        .isGreaterThan(1000);
  }

  private static Object readAll(Path file) {
    try (TensorScope scope = TensorScope.open();
        TorchArchive archive = TorchArchive.open(file)) {
      archive.tensors().keySet().forEach(archive::read);
      return archive;
    }
  }

  private static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TorchArchive open(byte[] pickle, byte[] storage) {
    try {
      return TorchArchive.open(
          TorchBytes.zip(
              folder.resolve("t.bin"),
              ZipEntry.STORED,
              Map.of("data.pkl", pickle, "data/0", storage)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] weight(String storage, int elements, int offset, int[] size, int[] stride) {
    return TorchBytes.dict()
        .text("w")
        .tensor(storage, "0", elements, offset, size, stride)
        .op('u')
        .done();
  }
}
