package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * An open checkpoint of any format: names, types and shapes at once, tensors when they are asked
 * for.
 *
 * <p>Implementations may be shared between threads. Closing one leaves the tensors it gave intact.
 */
public interface CheckpointSource extends WeightSource, AutoCloseable {
  /** Returns what is known of every tensor without reading it, in the file's order. */
  SequencedMap<String, TensorInfo> tensors();

  /** Returns the free text that the checkpoint carries, empty if none. */
  Map<String, String> metadata();

  /**
   * Reads one tensor.
   *
   * @param name one of {@link #tensors()}
   * @return a copy that belongs to the current scope
   * @throws CheckpointException {@code NOT_FOUND} for another name, {@code UNSUPPORTED} for an
   *     element type that no tensor has, {@code IO} when the file can no longer be read
   */
  @Override
  Tensor read(String name);

  /** Returns the file or folder that is read, for messages. */
  String describe();

  @Override
  void close();

  /**
   * Looks one tensor up.
   *
   * @param name one of {@link #tensors()}
   * @throws CheckpointException {@code NOT_FOUND} for another name
   */
  default TensorInfo info(String name) {
    TensorInfo info = tensors().get(name);
    if (info == null) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          describe(),
          "one of its " + tensors().size() + " tensors",
          Quoted.of(name),
          "`heed inspect` lists their names.");
    }
    return info;
  }

  /** Returns the names of {@link #tensors()}. */
  @Override
  default Set<String> names() {
    return tensors().keySet();
  }

  /** Returns one tensor's shape, with the errors of {@link #info}. */
  @Override
  default Shape shape(String name) {
    return info(name).shape();
  }

  /** Returns what a tensor takes: a matrix that stays as it is stored takes no more than that. */
  @Override
  default long memory(String name, DType taken) {
    TensorInfo info = info(name);
    long whole = Math.multiplyExact(info.shape().elements(), taken.bytes());
    boolean stays = StoredTensors.areSupported() && taken == DType.F32 && info.shape().rank() >= 2;
    return stays ? Math.min(whole, info.bytes()) : whole;
  }

  /** Returns one tensor's type, with the errors of {@link #info} and {@code UNSUPPORTED}. */
  @Override
  default DType dtype(String name) {
    return info(name).type().readable(describe() + ", tensor " + Quoted.of(name));
  }
}
