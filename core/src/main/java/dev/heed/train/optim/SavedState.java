package dev.heed.train.optim;

import dev.heed.nn.WeightSource;
import dev.heed.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether saved tensors are the ones that are wanted. */
final class SavedState {
  private SavedState() {}

  static void requireSame(String whose, Map<String, Tensor> wanted, WeightSource saved) {
    Set<String> missing = new TreeSet<>(wanted.keySet());
    missing.removeAll(saved.names());
    Set<String> left = new TreeSet<>(saved.names());
    left.removeAll(wanted.keySet());
    wanted.forEach((name, tensor) -> {
      if (saved.names().contains(name)
          && (!saved.shape(name).equals(tensor.shape()) || saved.dtype(name) != tensor.dtype())) {
        missing.add(tensor.describe() + " " + name);
        left.add(saved.dtype(name).toString() + saved.shape(name) + " " + name);
      }
    });
    if (!missing.isEmpty() || !left.isEmpty()) {
      throw new IllegalArgumentException(
          "the saved state does not fit this "
              + whose
              + ": missing "
              + missing
              + ", left over "
              + left
              + "; restore it with the options and parameters it was saved with");
    }
  }
}
