package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * One recorded explanation, as a case sees it in one precision. Every recorded output must be given
 * and equal its recording, relative to the tensor's largest value.
 */
final class RecordedExplanation {
  private static final double DOUBLE_TOLERANCE = 1e-7;
  private static final double FLOAT_TOLERANCE = 1e-4;

  private final SafetensorsFile file;
  private final DType dtype;
  private final double tolerance;
  private final Set<String> given = new TreeSet<>();
  private final List<String> differences = new ArrayList<>();

  private RecordedExplanation(SafetensorsFile file, DType dtype, double tolerance) {
    this.file = file;
    this.dtype = dtype;
    this.tolerance = tolerance;
  }

  /** A test in double, named after the recording. */
  static DynamicTest inDouble(String name, Consumer<RecordedExplanation> test) {
    return DynamicTest.dynamicTest(name, () -> run(name, DType.F64, DOUBLE_TOLERANCE, test));
  }

  /** Tests in double and in float, named after the recording. */
  static Stream<DynamicTest> inBoth(String name, Consumer<RecordedExplanation> test) {
    return inBoth(name, FLOAT_TOLERANCE, test);
  }

  static Stream<DynamicTest> inBoth(
      String name, double inFloat, Consumer<RecordedExplanation> test) {
    return Stream.of(
        inDouble(name, test),
        DynamicTest.dynamicTest(name + " in float", () -> run(name, DType.F32, inFloat, test)));
  }

  private static void run(
      String name, DType dtype, double tolerance, Consumer<RecordedExplanation> test) {
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file =
            SafetensorsFile.open(GoldenFolder.area("explain").resolve(name + ".safetensors"))) {
      RecordedExplanation recorded = new RecordedExplanation(file, dtype, tolerance);
      test.accept(recorded);
      assertThat(recorded.differences).isEmpty();
      assertThat(recorded.given).isEqualTo(recorded.names("output"));
    }
  }

  /** What the case computes in. */
  DType dtype() {
    return dtype;
  }

  boolean has(String input) {
    return file.names().contains("input." + input);
  }

  /** An input; numbers in the case's precision. */
  Tensor input(String name) {
    Tensor stored = file.read("input." + name);
    return stored.dtype().isFloating() ? stored.to(dtype) : stored;
  }

  @Nullable Tensor inputOrNull(String name) {
    return has(name) ? input(name) : null;
  }

  /** An input as rows of numbers. */
  double[][] rows(String name) {
    Tensor tensor = file.read("input." + name);
    int columns = Math.toIntExact(tensor.size(1));
    double[] all = tensor.toDoubleArray();
    double[][] rows = new double[all.length / columns][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(all, row * columns, (row + 1) * columns));
    return rows;
  }

  /** The rest of the names that begin with {@code group.}. */
  Set<String> names(String group) {
    return file.names().stream()
        .filter(name -> name.startsWith(group + "."))
        .map(name -> name.substring(group.length() + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  long[] sizes(String output) {
    return file.shape("output." + output).toArray();
  }

  String setting(String name) {
    String value = file.metadata().get(name);
    assertThat(value).as("setting " + name).isNotNull();
    return String.valueOf(value);
  }

  /** Compares a result with what was recorded. */
  void output(String name, Tensor result) {
    assertThat(result.shape().toArray()).as(name).isEqualTo(sizes(name));
    output(name, result.toDoubleArray());
  }

  /** Compares numbers in row-major order with what was recorded. */
  void output(String name, double... result) {
    assertThat(given.add(name)).as(name + " is given once").isTrue();
    double[] expected = file.read("output." + name).toDoubleArray();
    assertThat(result.length).as("numbers of " + name).isEqualTo(expected.length);
    double scale = Arrays.stream(expected).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      double off = Math.abs(result[i] - expected[i]);
      if (!(off <= tolerance * Math.max(scale, 1e-3)
          || Double.compare(result[i], expected[i]) == 0)) {
        differences.add(
            name
                + "["
                + i
                + "]: expected "
                + expected[i]
                + ", got "
                + result[i]
                + " (largest "
                + scale
                + ")");
        return;
      }
    }
  }

  /** Compares rows of numbers. */
  void output(String name, double[][] rows) {
    output(name, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
  }

  /** Compares whole numbers. */
  void output(String name, long[] numbers) {
    output(name, Arrays.stream(numbers).asDoubleStream().toArray());
  }
}
