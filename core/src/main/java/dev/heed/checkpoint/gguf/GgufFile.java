package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.MappedFile;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One open GGUF file: its header is validated in full, its tensors are mapped and decoded when they
 * are read.
 *
 * <p>Plain types are read as they are stored, blocks as {@code f32}; on an engine that multiplies
 * with stored numbers matrices stay in the file ({@link dev.heed.tensor.StoredTensors}), which is
 * then mapped as long as they are used. Names are the file's own, such as {@code
 * blk.0.attn_q.weight}; {@link GgufModel} has Hugging Face's. Safe to share between threads.
 */
public final class GgufFile implements CheckpointSource, GgufContents {
  private final String where;
  private final GgufHeader header;
  private final MemorySegment data;
  private final AutoCloseable memory;

  /** The tensors' bytes for as long as they are referred to; null where nothing says how long. */
  private final @Nullable Supplier<MemorySegment> lasting;

  private @Nullable MemorySegment lastingData;

  private GgufFile(
      String where,
      MemorySegment bytes,
      AutoCloseable memory,
      @Nullable Supplier<MemorySegment> lasting) {
    this.where = where;
    this.header = GgufHeader.parse(where, bytes);
    this.data = bytes.asSlice(header.dataStart());
    this.memory = memory;
    this.lasting = lasting;
  }

  /**
   * Opens and validates a file.
   *
   * @param file a regular file
   * @return owned by the caller
   * @throws CheckpointException for a missing, unreadable, truncated or invalid file; nothing
   *     larger than the file is allocated on the way
   */
  public static GgufFile open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new GgufFile(
          file.toString(), mapped.bytes(), mapped, () -> mapped.lasting(file.toString()));
    } catch (InternalError e) {
      mapped.close();
      throw MappedFile.cutShort(file.toString(), e);
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
  public static GgufFile of(String where, MemorySegment bytes) {
    return new GgufFile(where, bytes, () -> {}, null);
  }

  /** Returns what the file says about itself, with types; not valid after {@link #close()}. */
  @Override
  public GgufMetadata values() {
    return header.metadata();
  }

  /** Returns every tensor by name, in the order of their bytes. */
  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /** Returns {@link #values()} as text; a list as its type and length. */
  @Override
  public Map<String, String> metadata() {
    Map<String, String> text = new LinkedHashMap<>();
    values()
        .values()
        .forEach((name, value) ->
            text.put(
                name,
                value.isArray() || value.type() != GgufValueType.STRING
                    ? value.toString()
                    : value.text()));
    return Collections.unmodifiableMap(text);
  }

  @Override
  public Tensor read(String name) {
    TensorInfo info = info(name);
    return read(name, info.shape(), info.begin(), info.bytes());
  }

  /**
   * Reads one element of a tensor's outermost dimension, such as one expert's matrix.
   *
   * @param name one of {@link #tensors()}
   * @param index from 0
   * @return a copy with one dimension less, in the current scope
   * @throws CheckpointException {@code NOT_FOUND} for another name, {@code SHAPE} for a tensor of
   *     fewer than two dimensions or an index beyond the first
   */
  public Tensor read(String name, long index) {
    TensorInfo info = info(name);
    Shape shape = info.shape();
    if (shape.rank() < 2 || index < 0 || index >= shape.size(0)) {
      throw new CheckpointException(
          Kind.SHAPE,
          at(name),
          "an element " + index + " of at least one dimension",
          "shape " + shape,
          "Check the model's metadata against its tensors.");
    }
    long size = info.bytes() / shape.size(0);
    long[] rest = Arrays.copyOfRange(shape.toArray(), 1, shape.rank());
    return read(name, Shape.of(rest), info.begin() + index * size, size);
  }

  private Tensor read(String name, Shape shape, long begin, long size) {
    StorageType type = info(name).type();
    if (lasting != null && BlockReader.staysStored(type, shape)) {
      return BlockReader.stored(type, shape, lastingData(lasting).asSlice(begin, size));
    }
    return BlockReader.read(at(name), type, shape, data.asSlice(begin, size));
  }

  private synchronized MemorySegment lastingData(Supplier<MemorySegment> mapping) {
    MemorySegment present = lastingData;
    if (present == null) {
      present = mapping.get().asSlice(header.dataStart());
      lastingData = present;
    }
    return present;
  }

  /**
   * Returns one tensor's bytes as they lie in the file.
   *
   * @param name one of {@link #tensors()}
   * @return row-major, blocks as stored; valid until {@link #close()}
   * @throws CheckpointException {@code NOT_FOUND} for another name
   */
  public MemorySegment bytes(String name) {
    TensorInfo info = info(name);
    return data.asSlice(info.begin(), info.bytes());
  }

  /**
   * Tells whether the output weights are the token embeddings once more, bit by bit; so are they
   * often written for models that tie them.
   */
  @Override
  public boolean outputIsTied() {
    TensorInfo tokens = tensors().get("token_embd.weight");
    TensorInfo output = tensors().get("output.weight");
    return tokens != null
        && output != null
        && tokens.type() == output.type()
        && tokens.shape().equals(output.shape())
        && bytes(tokens.name()).mismatch(bytes(output.name())) == -1;
  }

  @Override
  public String describe() {
    return where;
  }

  @Override
  public void close() {
    MappedFile.close(where, memory);
  }

  private String at(String name) {
    return where + ", tensor " + Quoted.of(name);
  }
}
