package dev.heed.picture.mechanism;

import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * When the functions of a stack run while a step is trained, and whether what they compute is kept
 * for gradients, as each function tells when it is called.
 */
final class CallLog {
  private record Call(String function, boolean kept) {}

  private final List<Call> calls = new ArrayList<>();

  /** A function runs now. */
  void called(String function) {
    calls.add(new Call(function, Gradients.areEnabled()));
  }

  /** Functions as rows, calls as columns. */
  MapPanel panel(String title) {
    SequencedSet<String> functions = new LinkedHashSet<>();
    calls.forEach(call -> functions.add(call.function()));
    List<String> names = List.copyOf(functions);
    double[] kinds = new double[names.size() * calls.size()];
    for (int time = 0; time < calls.size(); time++) {
      Call call = calls.get(time);
      kinds[names.indexOf(call.function()) * calls.size() + time] = call.kept() ? 2 : 1;
    }
    return MapPanel.classes(
        title,
        Axis.of("function", names),
        Axis.numbered("call", calls.size()),
        List.of("keeps nothing", "keeps what its gradients need"),
        Tensor.of(kinds, names.size(), calls.size()));
  }
}
