package dev.heed.checkpoint;

import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One open safetensors file: its header is validated in full, its data is mapped and read tensor by
 * tensor.
 *
 * <p>Safe to share between threads; close it when no thread reads any more. Tensors already read
 * are copies and stay valid.
 */
public final class SafetensorsFile implements CheckpointSource {
  private final String where;
  private final SafetensorsHeader header;
  private final MemorySegment data;
  private final @Nullable MappedFile file;

  private SafetensorsFile(String where, MemorySegment bytes, @Nullable MappedFile file) {
    this.where = where;
    this.header = SafetensorsHeader.parse(where, bytes);
    this.data = bytes.asSlice(header.dataStart());
    this.file = file;
  }

  /**
   * Opens and validates a file.
   *
   * @param file a regular file
   * @return owned by the caller
   * @throws CheckpointException for a missing, unreadable, truncated or invalid file; nothing
   *     larger than the file is allocated on the way
   */
  public static SafetensorsFile open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new SafetensorsFile(file.toString(), mapped.bytes(), mapped);
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  /**
   * Reads a file that is in memory already.
   *
   * @param where a name for messages
   * @param bytes the whole file; must stay as it is while this object is used
   * @return a view of those bytes
   * @throws CheckpointException for invalid bytes
   */
  public static SafetensorsFile of(String where, MemorySegment bytes) {
    return new SafetensorsFile(where, bytes, null);
  }

  /** Returns every tensor by name, in the order of their bytes. */
  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /** Returns the free text that the file carries as {@code __metadata__}. */
  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Tensor read(String name) {
    TensorInfo info = info(name);
    if (file == null || info.type() == StorageType.BOOL) {
      return TensorBytes.read(at(name), info.type(), info.shape(), bytes(name));
    }
    long from = header.dataStart() + info.begin();
    return TensorBytes.read(
        at(name), info.type(), info.shape(), into -> file.read(at(name), from, into));
  }

  /**
   * Returns one tensor's bytes as they lie in the file.
   *
   * @param name one of {@link #tensors()}
   * @return little endian, row-major, read-only when mapped; valid until {@link #close()}
   * @throws CheckpointException {@code NOT_FOUND} for another name
   */
  public MemorySegment bytes(String name) {
    TensorInfo info = info(name);
    return data.asSlice(info.begin(), info.bytes());
  }

  @Override
  public String describe() {
    return where;
  }

  @Override
  public void close() {
    if (file != null) {
      MappedFile.close(where, file);
    }
  }

  private String at(String name) {
    return where + ", tensor " + Quoted.of(name);
  }
}
