package dev.heed.verify;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.gguf.TensorBlocks;
import dev.heed.verify.Verification.Outcome;
import dev.heed.verify.Verification.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares the blocks of GGUF's tensor types with recorded ones, bit by bit: a folder of files
 * {@code TYPE.safetensors} with the type's number {@code type_id} in their metadata, and the
 * conversions of {@code float-conversions.safetensors}.
 *
 * @param folder the folder
 */
public record BlockVerification(Path folder) {
  private static final String CONVERSIONS = "float-conversions";
  private static final String ENDING = ".safetensors";
  private static final String TYPE = "type_id";
  private static final String BYTES = ".bytes";
  private static final String VALUES = ".values";

  /** Two types that a block of one value is stored in, by their numbers. */
  private static final Map<String, Integer> HALVES = Map.of("F16", 1, "BF16", 30);

  /** What was recorded, and of what. */
  private static final Map<String, String> DECODED =
      Map.of("random" + BYTES, "random" + VALUES, "quantized", "dequantized");

  /** Whether there is such a recording. */
  public static boolean isRecording(Path folder) {
    if (!Files.isDirectory(folder) || Files.isRegularFile(folder.resolve("config.json"))) {
      return false;
    }
    List<Path> files = files(folder);
    return !files.isEmpty() && files.stream().allMatch(BlockVerification::isOfBlocks);
  }

  private static boolean isOfBlocks(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return file.metadata().containsKey(TYPE) || name(path).equals(CONVERSIONS);
    } catch (CheckpointException e) {
      return false;
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - ENDING.length());
  }

  /**
   * Compares everything.
   *
   * @throws CheckpointException for invalid files, and for a type that Heed does not have
   */
  public Outcome run() {
    List<Row> rows = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Path path : files(folder)) {
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        int before = rows.size();
        if (name(path).equals(CONVERSIONS)) {
          conversions(file, rows);
        } else {
          type(path, file, rows);
        }
        if (rows.size() == before) {
          left.add(name(path));
        }
      }
    }
    return new Outcome(rows, left, List.of());
  }

  private static void type(Path path, SafetensorsFile file, List<Row> rows) {
    int id = Integer.parseInt(file.metadata().getOrDefault(TYPE, "-1"));
    TensorBlocks blocks = TensorBlocks.of(path.toString(), id);
    DECODED.forEach((from, to) -> {
      if (file.tensors().containsKey(from)) {
        decoded(name(path), to, blocks.decode(file.bytes(from)), file, rows);
      }
    });
    if (file.tensors().containsKey("source")) {
      encoded(name(path), "quantized", blocks, file, rows);
    }
  }

  private static void conversions(SafetensorsFile file, List<Row> rows) {
    HALVES.forEach((name, id) -> {
      TensorBlocks blocks = TensorBlocks.of(CONVERSIONS, id);
      if (file.tensors().containsKey(name + BYTES)) {
        float[] values = blocks.decode(file.bytes(name + BYTES));
        decoded(CONVERSIONS, name + VALUES, values, file, rows);
        encoded(CONVERSIONS, name + BYTES, blocks, file, rows);
      }
    });
  }

  private static void decoded(
      String name, String key, float[] values, SafetensorsFile file, List<Row> rows) {
    float[] wanted = floats(file.bytes(key));
    double absolute = wanted.length == values.length ? 0 : Double.NaN;
    double scale = 0;
    for (int i = 0; i < Math.min(wanted.length, values.length); i++) {
      scale = Float.isFinite(wanted[i]) ? Math.max(scale, Math.abs(wanted[i])) : scale;
      if (Float.floatToIntBits(wanted[i]) != Float.floatToIntBits(values[i])) {
        absolute = Math.max(absolute, Math.abs((double) wanted[i] - values[i]));
      }
    }
    double relative = absolute == 0 ? 0 : absolute / scale;
    rows.add(new Row(name, key, absolute, relative, 0, absolute == 0));
  }

  /** Bytes are equal where Heed writes the type; the difference counts those that are not. */
  private static void encoded(
      String name, String key, TensorBlocks blocks, SafetensorsFile file, List<Row> rows) {
    byte[] got = blocks.encode(floats(file.bytes("source"))).orElse(null);
    if (got == null) {
      return;
    }
    byte[] wanted = file.bytes(key).toArray(ValueLayout.JAVA_BYTE);
    double different = Math.abs(wanted.length - got.length);
    for (int i = 0; i < Math.min(wanted.length, got.length); i++) {
      different += wanted[i] == got[i] ? 0 : 1;
    }
    double share = different / wanted.length;
    rows.add(new Row(name, key + " of source", different, share, 0, different == 0));
  }

  private static float[] floats(MemorySegment bytes) {
    return bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
  }
}
