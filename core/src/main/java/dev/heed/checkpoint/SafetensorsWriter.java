package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes tensors as one safetensors file, laid out as the format's reference writer does: widest
 * elements first, then by name, the header padded with spaces to a multiple of eight bytes.
 *
 * <p>The file appears at once: it is written beside its target, forced to the disk and moved there
 * when complete.
 */
public final class SafetensorsWriter {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long CHUNK = 1L << 30;

  private SafetensorsWriter() {}

  /**
   * Writes a file, replacing one that is there.
   *
   * @param file its folder must exist
   * @param tensors by the names to write; any layout, read only
   * @param metadata free text, empty for none
   * @throws CheckpointException {@code IO} when the file cannot be written, {@code UNSUPPORTED} for
   *     an element type that the format lacks, {@code VALUE} for a tensor named {@code
   *     __metadata__}
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    write(file, WeightSource.of(tensors), tensors.keySet(), metadata);
  }

  /**
   * Writes a file of a source's tensors, one after the other, so that no more than one is held.
   *
   * @param file its folder must exist; one that is there is replaced
   * @param source where the tensors are read
   * @param names which of them
   * @param metadata free text, empty for none
   * @throws CheckpointException as {@link #write(Path, Map, Map)}, and what the source throws
   */
  public static void write(
      Path file, WeightSource source, Collection<String> names, Map<String, String> metadata) {
    if (names.contains("__metadata__")) {
      throw new CheckpointException(
          Kind.VALUE,
          file.toString(),
          "names of tensors",
          "\"__metadata__\", which the format keeps for itself",
          "Rename that tensor.");
    }
    List<String> ordered = new ArrayList<>(new TreeSet<>(names));
    ordered.sort(Comparator.comparingInt(name -> -StorageType.of(source.dtype(name)).bits()));
    try {
      WholeFile.fill(file, part -> writeAll(part, source, ordered, metadata));
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
      Path file, WeightSource source, List<String> names, Map<String, String> metadata)
      throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(out, header(source, names, metadata));
      for (String name : names) {
        try (TensorScope scope = TensorScope.open()) {
          writeTensor(out, source.read(name));
        }
      }
      out.force(true);
    }
  }

  private static ByteBuffer header(
      WeightSource source, List<String> names, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode text = header.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(text::put);
    }
    long begin = 0;
    for (String name : names) {
      ObjectNode info = header.putObject(name);
      info.put("dtype", StorageType.of(source.dtype(name)).name());
      info.putPOJO("shape", source.shape(name).toArray());
      long end = begin + bytes(source, name);
      info.putPOJO("data_offsets", new long[] {begin, end});
      begin = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer bytes =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  /** How many bytes a tensor takes in a file. */
  static long bytes(WeightSource source, String name) {
    return source.shape(name).elements() * source.dtype(name).bytes();
  }

  private static void writeTensor(FileChannel out, Tensor tensor) throws IOException {
    if (tensor.shape().elements() == 0) {
      return;
    }
    Tensor dense = tensor.contiguous();
    MemorySegment bytes = dense.segment();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      writeFully(out, bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
