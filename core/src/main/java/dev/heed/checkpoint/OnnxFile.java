package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The weights of an ONNX model under the names that its checkpoint had.
 *
 * <p>PyTorch's exporter keeps a parameter's name unless it folds a transposition into it, as it
 * does for every linear layer: then the weight is called {@code onnx::MatMul_787}, and the one node
 * that multiplies by it, {@code /encoder/layer.0/attention/self/query/MatMul}, says which parameter
 * it is. Such a weight is given as {@code encoder.layer.0.attention.self.query.weight}, transposed
 * back to {@code [out, in]}. Names of other initialisers are kept.
 */
public final class OnnxFile implements CheckpointSource {
  private final String where;
  private final MemorySegment bytes;
  private final AutoCloseable memory;
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> stored = new LinkedHashMap<>();
  private final Set<String> transposed = new HashSet<>();

  private OnnxFile(String where, MemorySegment bytes, AutoCloseable memory) {
    this.where = where;
    this.bytes = bytes;
    this.memory = memory;
    OnnxGraph graph = OnnxGraph.parse(where, bytes);
    OnnxNames names = OnnxNames.of(graph);
    for (OnnxTensor tensor : graph.tensors()) {
      add(tensor, names);
    }
  }

  /**
   * Opens a model; its bytes are mapped, not read.
   *
   * @param file a regular file
   * @return owned by the caller
   * @throws CheckpointException for a missing, truncated or invalid file, {@code UNSUPPORTED} for
   *     external, sparse or string data
   */
  public static OnnxFile open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new OnnxFile(file.toString(), mapped.bytes(), mapped);
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  /**
   * Reads a model from a stream, such as a resource in a jar, into memory outside the heap.
   *
   * @param where a name for messages
   * @param in read to its end, not closed
   * @param size how many bytes it has
   * @return owned by the caller
   * @throws CheckpointException as {@link #open}, and {@code TRUNCATED} when the stream is shorter
   */
  @SuppressWarnings("MustBeClosedChecker") // close() closes the arena
  public static OnnxFile load(String where, InputStream in, long size) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes = arena.allocate(size);
      fill(where, in, bytes);
      return new OnnxFile(where, bytes, arena::close);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Reads a model that is in memory already.
   *
   * @param where a name for messages
   * @param bytes the whole file; must stay as it is while this object is used
   * @throws CheckpointException as {@link #open}
   */
  public static OnnxFile of(String where, MemorySegment bytes) {
    return new OnnxFile(where, bytes, () -> {});
  }

  private static void fill(String where, InputStream in, MemorySegment bytes) {
    byte[] chunk = new byte[1 << 16];
    long at = 0;
    try {
      while (at < bytes.byteSize()) {
        int count = in.read(chunk, 0, (int) Math.min(chunk.length, bytes.byteSize() - at));
        if (count < 0) {
          throw new CheckpointException(
              Kind.TRUNCATED, where, bytes.byteSize() + " bytes", at + "", OnnxGraph.REMEDY);
        }
        MemorySegment.copy(chunk, 0, bytes, ValueLayout.JAVA_BYTE, at, count);
        at += count;
      }
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          where,
          "a readable stream",
          String.valueOf(e.getMessage()),
          "Check its source.",
          e);
    }
  }

  private void add(OnnxTensor tensor, OnnxNames names) {
    TensorInfo info = tensor.info();
    String name = names.parameter(info);
    if (stored.putIfAbsent(name, tensor) != null) {
      throw new CheckpointException(
          Kind.DUPLICATE, where, "each tensor once", Quoted.of(name) + " twice", OnnxGraph.REMEDY);
    }
    boolean turned = !name.equals(info.name());
    if (turned) {
      transposed.add(name);
    }
    tensors.put(
        name,
        new TensorInfo(
            name,
            info.type(),
            turned ? Shape.of(info.shape().size(1), info.shape().size(0)) : info.shape(),
            info.begin(),
            info.end()));
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Tensor read(String name) {
    info(name);
    OnnxTensor tensor = Objects.requireNonNull(stored.get(name));
    TensorInfo info = tensor.info();
    MemorySegment range = bytes.asSlice(info.begin(), info.bytes());
    String at = where + ", tensor " + Quoted.of(name);
    MemorySegment elements = tensor.varint() ? OnnxVarints.decode(at, info, range) : range;
    Tensor read = TensorBytes.read(at, info.type(), info.shape(), elements);
    if (!transposed.contains(name)) {
      return read;
    }
    Tensor turned = read.transpose(0, 1);
    Tensor dense = turned.contiguous();
    if (dense != turned) {
      turned.close();
      read.close();
    }
    return dense;
  }

  @Override
  public String describe() {
    return where;
  }

  @Override
  public void close() {
    MappedFile.close(where, memory);
  }
}
