package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** Writes a GGUF file with its matrices in another type; all else stays as it is. */
public final class GgufRewrite {
  private GgufRewrite() {}

  /**
   * Writes a file, replacing one that is there.
   *
   * @param to its folder must exist; not the file that is read
   * @param file what is read
   * @param type how matrices are stored; those that are stored so already are copied
   * @param leftOut names of tensors that are not wanted
   * @throws dev.heed.checkpoint.CheckpointException {@code UNSUPPORTED} for a type that Heed does
   *     not write, and as {@link GgufWriter#write}
   */
  public static void write(Path to, GgufFile file, StorageType type, Predicate<String> leftOut) {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>(file.values().values());
    values.put("general.file_type", GgufValue.of(GgufExport.fileType(type)));
    List<GgufTensor> tensors =
        file.tensors().values().stream()
            .filter(info -> !leftOut.test(info.name()))
            .map(info -> tensor(file, info, type))
            .toList();
    GgufWriter.write(to, values, tensors);
  }

  private static GgufTensor tensor(GgufFile file, TensorInfo info, StorageType type) {
    String name = info.name();
    StorageType wanted = GgufExport.stored(name, info.shape(), type);
    boolean number = info.type().block() > 1 || file.dtype(name).isFloating();
    return wanted == info.type() || !number
        ? GgufTensor.stored(name, info.type(), info.shape(), file.bytes(name))
        : GgufTensor.encoded(name, wanted, info.shape(), () -> file.read(name));
  }
}
