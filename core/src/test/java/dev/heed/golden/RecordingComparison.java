package dev.heed.golden;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs one case in one precision and lists every difference from its recording. */
final class RecordingComparison {
  private static final Pattern LOSS_TERM =
      Pattern.compile("(output\\.\\S+) \\* (input\\.[^\\s,]+)");

  /** Some gradients are zero in exact arithmetic; only rounding noise is recorded of them. */
  private static final double GRADIENT_FLOOR = 0.01;

  private final Recording recording;
  private final double tolerance;
  private final List<String> differences = new ArrayList<>();

  private RecordingComparison(Recording recording, double tolerance) {
    this.recording = recording;
    this.tolerance = tolerance;
  }

  /** The differences; empty if all recorded results are reproduced. */
  static List<String> differences(
      ReferenceCase reference, RecordedTensors file, DType dtype, double tolerance) {
    try (TensorScope scope = TensorScope.open();
        Recording recording = new Recording(reference.name(), file, dtype)) {
      Results results = reference.body().apply(recording);
      RecordingComparison comparison = new RecordingComparison(recording, tolerance);
      Map<String, Tensor> computed = new LinkedHashMap<>(results.tensors());
      computed.putAll(comparison.gradients(results));
      comparison.compare(computed);
      recording.requireAllUsed();
      return comparison.differences;
    }
  }

  private Map<String, Tensor> gradients(Results results) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    for (String leaf : recording.names("grad")) {
      leaves.put("grad." + leaf, recording.leaf(leaf));
    }
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    if (!leaves.isEmpty()) {
      Tensor loss = loss(results);
      if (loss == null || !loss.requiresGrad()) {
        differences.add("the loss does not depend on any input or parameter");
        return gradients;
      }
      List<Tensor> found = Gradients.of(loss, List.copyOf(leaves.values()));
      int index = 0;
      for (String key : leaves.keySet()) {
        gradients.put(key, found.get(index++));
      }
    }
    return gradients;
  }

  private @Nullable Tensor loss(Results results) {
    Tensor sum = null;
    Matcher term = LOSS_TERM.matcher(recording.text("loss"));
    while (term.find()) {
      Tensor output = results.tensors().get(term.group(1));
      if (output != null) {
        Tensor product = output.mul(recording.leaf(term.group(2))).sum();
        sum = sum == null ? product : sum.add(product);
      }
    }
    return sum;
  }

  private void compare(Map<String, Tensor> computed) {
    TreeSet<String> missing = new TreeSet<>();
    for (String group : List.of("output", "weights", "grad")) {
      recording.names(group).forEach(name -> missing.add(group + "." + name));
    }
    double largest = largestGradient();
    computed.forEach((key, actual) -> {
      missing.remove(key);
      if (recording.has(key)) {
        compare(key, actual, largest);
      } else {
        differences.add(recording.dtype() + " " + key + ": nothing is recorded under this name");
      }
    });
    missing.forEach(key -> differences.add(recording.dtype() + " " + key + ": not computed"));
  }

  private void compare(String key, Tensor actual, double largestGradient) {
    Tensor expected = recording.stored(expectedKey(key));
    Tolerance allowed = Tolerance.NONE;
    if (expected.dtype().isFloating()) {
      double scale = largest(expected);
      if (key.startsWith("grad.")) {
        scale = Math.max(scale, GRADIENT_FLOOR * largestGradient);
      }
      allowed = Tolerance.ofScale(tolerance, scale);
    }
    String difference =
        TensorAssert.difference(recording.dtype() + " " + key, actual, expected, allowed);
    if (difference != null) {
      differences.add(difference);
    }
  }

  /** Integers, and what the reference itself computed in double, are recorded only once. */
  private String expectedKey(String key) {
    boolean inDouble = recording.dtype() == DType.F64 && recording.has("f64." + key);
    return inDouble ? "f64." + key : key;
  }

  private double largestGradient() {
    double largest = 0;
    for (String name : recording.names("grad")) {
      largest = Math.max(largest, largest(recording.stored(expectedKey("grad." + name))));
    }
    return largest;
  }

  static double largest(Tensor tensor) {
    return Arrays.stream(tensor.toDoubleArray())
        .map(Math::abs)
        .filter(Double::isFinite)
        .max()
        .orElse(0);
  }
}
