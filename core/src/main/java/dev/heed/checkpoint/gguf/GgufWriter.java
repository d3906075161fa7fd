package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.checkpoint.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes a GGUF file, version 3, one tensor at a time.
 *
 * <p>The file appears at once: it is written beside its target and moved there when complete.
 */
public final class GgufWriter {
  private GgufWriter() {}

  /**
   * Writes a file, replacing one that is there.
   *
   * @param file its folder must exist
   * @param values the metadata, by name
   * @param tensors in the order to write
   * @throws CheckpointException {@code IO} when the file cannot be written, and what the tensors
   *     throw
   */
  public static void write(
      Path file, SequencedMap<String, GgufValue> values, List<GgufTensor> tensors) {
    try {
      WholeFile.fill(file, part -> writeAll(part, values, tensors));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          file.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
  }

  private static void writeAll(
      Path file, SequencedMap<String, GgufValue> values, List<GgufTensor> tensors)
      throws IOException {
    long alignment =
        values.containsKey(GgufHeader.ALIGNMENT)
            ? values.get(GgufHeader.ALIGNMENT).integer()
            : GgufHeader.USUAL_ALIGNMENT;
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(out, ByteBuffer.wrap(header(values, tensors, alignment)));
      pad(out, alignment);
      for (GgufTensor tensor : tensors) {
        tensor.bytes().write(bytes -> writeFully(out, bytes));
        pad(out, alignment);
      }
    }
  }

  private static byte[] header(
      Map<String, GgufValue> values, List<GgufTensor> tensors, long alignment) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number32(out, GgufHeader.MAGIC);
    number32(out, GgufHeader.VERSION);
    number64(out, tensors.size());
    number64(out, values.size());
    values.forEach((name, value) -> value(out, name, value));
    long offset = 0;
    for (GgufTensor tensor : tensors) {
      text(out, tensor.name());
      long[] sizes = tensor.shape().toArray();
      number32(out, sizes.length);
      for (int dim = sizes.length - 1; dim >= 0; dim--) {
        number64(out, sizes[dim]);
      }
      GgufType type =
          GgufType.of(tensor.type())
              .orElseThrow(() ->
                  new CheckpointException(
                      Kind.UNSUPPORTED,
                      "tensor " + tensor.name(),
                      "a type that GGUF has",
                      tensor.type().name(),
                      "Write it as F32."));
      number32(out, type.id());
      number64(out, offset);
      long bytes = TensorInfo.bytesOf(tensor.name(), tensor.type(), sizes);
      offset = GgufHeader.padded(offset + bytes, alignment);
    }
    return out.toByteArray();
  }

  private static void value(ByteArrayOutputStream out, String name, GgufValue value) {
    text(out, name);
    if (value.isArray()) {
      number32(out, GgufValueType.ARRAY.ordinal());
      number32(out, value.type().ordinal());
      number64(out, value.length());
    } else {
      number32(out, value.type().ordinal());
      if (value.type() == GgufValueType.STRING) {
        number64(out, value.bytes().byteSize());
      }
    }
    out.writeBytes(value.bytes().toArray(ValueLayout.JAVA_BYTE));
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    number64(out, utf8.length);
    out.writeBytes(utf8);
  }

  private static void number32(ByteArrayOutputStream out, int number) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }

  private static void number64(ByteArrayOutputStream out, long number) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
  }

  private static void pad(FileChannel out, long alignment) throws IOException {
    long missing = GgufHeader.padded(out.position(), alignment) - out.position();
    writeFully(out, MemorySegment.ofArray(new byte[(int) missing]).asByteBuffer());
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
