package dev.heed.golden;

import dev.heed.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The reference tests of one theme: one dynamic test a recording, named after its file.
 *
 * <p>In double the results agree to 1e-9 of each tensor's largest magnitude, in float to the
 * recording's tolerance; gradients relative to at least 1% of the largest gradient in the file.
 */
@Tag("integration")
public abstract class MechanismReference {
  private static final double DOUBLE_TOLERANCE = 1e-9;

  /** The cases of this theme. */
  protected abstract List<ReferenceCase> cases();

  @TestFactory
  Stream<DynamicTest> recorded() {
    return cases().stream()
        .map(reference -> DynamicTest.dynamicTest(reference.name(), () -> check(reference)));
  }

  private static void check(ReferenceCase reference) {
    List<String> differences = new ArrayList<>();
    try (RecordedTensors file = RecordedTensors.open(GoldenFolder.file(reference.name()))) {
      differences.addAll(
          RecordingComparison.differences(reference, file, DType.F64, DOUBLE_TOLERANCE));
      double tolerance = FloatTolerance.of(reference.name(), file);
      differences.addAll(RecordingComparison.differences(reference, file, DType.F32, tolerance));
    }
    if (!differences.isEmpty()) {
      throw new AssertionError(reference.name() + ":\n  " + String.join("\n  ", differences));
    }
  }
}
