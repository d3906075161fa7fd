package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.gguf.GgufModel;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.StoredTensors;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded GGUF model: what LibTorch computes with its floats, the Java engine computes with
 * its weights as they lie in the file.
 */
@Tag("integration")
class GgufEnginesTest {
  private static final double OF_SCALE = 1e-5;
  private static final long[] LENGTHS = {1, 3, 37};

  @TestFactory
  Stream<DynamicTest> engines_agree() {
    return GoldenFolder.list(GoldenFolder.area("gguf").resolve("models")).stream()
        .flatMap(folder -> GoldenFolder.list(folder).stream())
        .filter(file -> file.toString().endsWith(".gguf"))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) {
    for (long length : LENGTHS) {
      float[] wanted = run(EngineChoice.Kind.LIBTORCH, file, length);
      assertClose(run(EngineChoice.Kind.JAVA, file, length), wanted);
      Kernels before = Kernels.take(new Kernels(Kernels.scalar(), "chosen by a test"));
      try {
        assertClose(run(EngineChoice.Kind.JAVA, file, length), wanted);
      } finally {
        Kernels.take(before);
      }
    }
    EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          try (GgufModel model = GgufModel.open(file);
              TensorScope scope = TensorScope.open()) {
            long blocks =
                model.tensors().values().stream()
                    .filter(info -> info.shape().rank() == 2 && info.type().block() > 1)
                    .filter(info -> StoredTensors.format(model.read(info.name())).isEmpty())
                    .count();
            assertThat(blocks).isZero();
          }
          return file;
        });
  }

  private static float[] run(EngineChoice.Kind engine, Path file, long length) {
    return EngineChoice.during(
        engine,
        () -> {
          try (Model model = Model.load(file);
              TensorScope scope = TensorScope.open()) {
            long[] ids = new long[(int) (2 * length)];
            Arrays.setAll(ids, i -> 1 + (7L * i * i + 3) % 50);
            return model
                .apply(ModelInput.of("input_ids", Tensor.of(ids, 2, length)))
                .values()
                .values()
                .iterator()
                .next()
                .toFloatArray();
          }
        });
  }

  private static void assertClose(float[] got, float[] wanted) {
    double scale = 0;
    double worst = 0;
    assertThat(got).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      scale = Math.max(scale, Math.abs(wanted[i]));
      worst = Math.max(worst, Math.abs(got[i] - wanted[i]));
    }
    assertThat(worst).isLessThanOrEqualTo(OF_SCALE * Math.max(scale, 1e-3));
  }
}
