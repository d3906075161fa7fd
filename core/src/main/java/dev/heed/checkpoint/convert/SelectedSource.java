package dev.heed.checkpoint.convert;

import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** A checkpoint without some of its tensors; closing it closes the whole. */
final class SelectedSource implements CheckpointSource {
  private final CheckpointSource source;
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

  SelectedSource(CheckpointSource source, Predicate<String> leftOut) {
    this.source = source;
    source
        .tensors()
        .forEach((name, info) -> {
          if (!leftOut.test(name)) {
            tensors.put(name, info);
          }
        });
  }

  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  @Override
  public DType dtype(String name) {
    info(name);
    return source.dtype(name);
  }

  @Override
  public Tensor read(String name) {
    info(name);
    return source.read(name);
  }

  @Override
  public String describe() {
    return source.describe();
  }

  @Override
  public void close() {
    source.close();
  }
}
