package dev.heed.explain.edit;

import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The changes of one layer.
 *
 * @param path of its attention
 * @param edits of this layer
 * @param missed points that are to be changed and have not been passed yet
 */
record LayerEdit(String path, List<AttentionEdit> edits, Set<String> missed) {
  /** Puts the changes into a run. */
  void into(Trace trace) {
    List<AttentionEdit.Knockout> knockouts = of(AttentionEdit.Knockout.class);
    List<AttentionEdit.HeadOff> off = of(AttentionEdit.HeadOff.class);
    if (!knockouts.isEmpty()) {
      replace(
          trace,
          "scores",
          scores -> knockouts.forEach(one -> place(scores, one).fill(Double.NEGATIVE_INFINITY)));
      // where no mask is, a row without a key would be 0/0
      trace.replace(path + ".pattern", pattern -> pattern.maskedFill(pattern.isNan(), 0));
    }
    if (!off.isEmpty()) {
      replace(trace, "z", z -> off.forEach(one -> part(z, 1, one.head()).fill(0)));
    }
  }

  private <E extends AttentionEdit> List<E> of(Class<E> kind) {
    return edits.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Changes a copy in place. */
  private void replace(Trace trace, String name, Consumer<Tensor> change) {
    String point = path + "." + name;
    missed.add(point);
    trace.replace(
        point,
        value ->
            TensorScope.run(() -> {
              missed.remove(point);
              Tensor copy = value.copy();
              change.accept(copy);
              return copy;
            }));
  }

  private static Tensor place(Tensor scores, AttentionEdit.Knockout one) {
    return part(part(part(scores, 1, one.head()), 2, one.query()), 3, one.key());
  }

  private static Tensor part(Tensor whole, int dim, int number) {
    return number == AttentionEdit.ALL ? whole : whole.narrow(dim, number, 1);
  }
}
