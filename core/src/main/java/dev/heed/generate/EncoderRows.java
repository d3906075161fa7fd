package dev.heed.generate;

import dev.heed.model.ModelInput;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What an encoder reads, a row for each sequence that a decoder continues. */
final class EncoderRows implements AutoCloseable {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Which row of the tensors each sequence answers. */
  private int[] origin;

  EncoderRows(ModelInput input, int rows) {
    input
        .tensors()
        .forEach((name, value) -> {
          if (!name.startsWith("decoder_")) {
            tensors.put(name, TensorScope.release(TensorScope.run(value::copy)));
          }
        });
    origin = IntStream.range(0, rows).toArray();
  }

  /** The rows as they stand, for a decoder that has read nothing; else nothing. */
  ModelInput input(boolean unread) {
    ModelInput input = ModelInput.of(Map.of());
    if (!unread) {
      return input;
    }
    Tensor rows = Tensor.of(Arrays.stream(origin).asLongStream().toArray(), origin.length);
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      input = input.with(tensor.getKey(), tensor.getValue().indexSelect(0, rows));
    }
    return input;
  }

  void select(int[] chosen) {
    int[] before = origin;
    origin = Arrays.stream(chosen).map(r -> before[r]).toArray();
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
