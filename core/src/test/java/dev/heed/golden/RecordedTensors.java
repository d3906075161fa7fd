package dev.heed.golden;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** One recorded file, open: its tensors as recorded, and its settings. */
record RecordedTensors(SafetensorsFile file) implements AutoCloseable {
  static RecordedTensors open(Path path) {
    return new RecordedTensors(SafetensorsFile.open(path));
  }

  Set<String> keys() {
    return file.tensors().keySet();
  }

  boolean has(String key) {
    return keys().contains(key);
  }

  long[] sizes(String key) {
    return file.shape(key).toArray();
  }

  /** The tensor in the type it was recorded in, in the current scope. */
  Tensor read(String key) {
    return file.read(key);
  }

  Map<String, String> settings() {
    return file.metadata();
  }

  @Override
  public void close() {
    file.close();
  }
}
