package dev.heed.train;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What the reference tests of training share: which cases there are, and what is near enough. */
final class RecordedTraining {
  private static final double DOUBLE_TOLERANCE = 1e-9;
  private static final double FLOAT_TOLERANCE = 1e-5;

  private RecordedTraining() {}

  static Path folder() {
    return GoldenFolder.area("training");
  }

  /** One test a file of a folder and precision, named after both. */
  static Stream<DynamicTest> tests(String folder, BiConsumer<GoldenFile, DType> check) {
    return files(folder).stream()
        .flatMap(file ->
            Stream.of(DType.F64, DType.F32)
                .map(dtype ->
                    DynamicTest.dynamicTest(
                        file.getFileName().toString().replace(".safetensors", "") + " " + dtype,
                        () -> {
                          try (GoldenFile recorded = GoldenFile.open(file)) {
                            check.accept(recorded, dtype);
                          }
                        })));
  }

  private static List<Path> files(String folder) {
    try (Stream<Path> files = Files.list(folder().resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .filter(file -> !file.endsWith("inputs.safetensors"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The recorded tensor in this precision; floats are compared with doubles where only those are.
   */
  static Tensor expected(GoldenFile file, String key, DType dtype) {
    boolean exact = dtype == DType.F64 || !file.has(key);
    return file.read(exact ? "f64." + key : key);
  }

  static void assertClose(GoldenFile file, String key, Tensor actual, DType dtype) {
    Tensor expected = expected(file, key, dtype);
    double scale = largest(expected);
    double share = dtype == DType.F64 ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
    TensorAssert.assertClose(dtype + " " + key, actual, expected, Tolerance.ofScale(share, scale));
  }

  static double largest(Tensor tensor) {
    return Arrays.stream(tensor.toDoubleArray())
        .map(Math::abs)
        .filter(Double::isFinite)
        .max()
        .orElse(0);
  }

  /** The outputs of a file, without the prefix, whichever precisions they are recorded in. */
  static List<String> outputs(GoldenFile file) {
    return new ArrayList<>(file.group("f64.output"));
  }
}
