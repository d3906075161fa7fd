package dev.heed.verify;

import dev.heed.checkpoint.RecordedReference;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.kernel.Kernels;
import java.nio.file.Path;

/** Verifies models in a process of its own and says how it computed; for tests. */
final class EngineProcess {
  private EngineProcess() {}

  /** Prints a line about the engine and one for each folder. */
  public static void main(String[] folders) {
    System.out.println(
        EngineChoice.live().kind() + " " + (Kernels.live().byVectors() ? "vectors" : "loops"));
    for (String folder : folders) {
      Verification.Outcome outcome =
          new Verification(
                  RecordedReference.open(Path.of(folder)), Verification.USUAL_TOLERANCE, DType.F32)
              .run();
      System.out.println(outcome.passed() + " " + outcome.rows().size());
    }
  }
}
