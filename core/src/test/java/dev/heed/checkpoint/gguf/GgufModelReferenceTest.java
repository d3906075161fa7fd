package dev.heed.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Every recorded model file opens as the Hugging Face checkpoint that it came from; where that
 * checkpoint is at hand, with its very names and values.
 */
@Tag("integration")
class GgufModelReferenceTest {
  @TestFactory
  Stream<DynamicTest> every_model_is_read_whole() {
    return GoldenFolder.list(GoldenFolder.area("gguf").resolve("models")).stream()
        .flatMap(GgufModelReferenceTest::ofModel);
  }

  private static Stream<DynamicTest> ofModel(Path folder) {
    return GoldenFolder.list(folder).stream()
        .filter(file -> file.toString().endsWith(".gguf"))
        .map(file ->
            DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(folder, file)));
  }

  private static void check(Path folder, Path path) {
    try (TensorScope scope = TensorScope.open();
        GgufModel model = GgufModel.open(path)) {
      JsonNode config = model.config();
      assertThat(config.get("vocab_size").asLong())
          .isEqualTo(model.file().shape("token_embd.weight").size(0));
      for (TensorInfo info : model.tensors().values()) {
        Tensor tensor = model.read(info.name());
        assertThat(tensor.shape()).as(info.name()).isEqualTo(info.shape());
        assertThat(tensor.dtype()).as(info.name()).isEqualTo(model.dtype(info.name()));
      }
      String name = folder.getFileName().toString();
      if (name.startsWith("golden-")) {
        compare(model, original(folder, name.substring("golden-".length())));
      }
    }
  }

  private static Path original(Path folder, String name) {
    Path beside = folder.resolve("model.safetensors");
    return Files.isRegularFile(beside)
        ? beside
        : GoldenFolder.area("models").resolve(name).resolve("model.safetensors");
  }

  private static void compare(GgufModel model, Path original) {
    try (SafetensorsFile theirs = SafetensorsFile.open(original)) {
      Set<String> names = new TreeSet<>(theirs.names());
      // Masks are no parameters.
      names.removeIf(name -> name.endsWith(".attn.bias") || name.endsWith(".masked_bias"));
      names.removeIf(name -> name.endsWith(".inv_freq"));
      assertThat(new TreeSet<>(model.names())).isEqualTo(names);
      for (String name : names) {
        Tensor wanted = theirs.read(name);
        double scale = wanted.abs().max().item();
        double share =
            switch (model.info(name).type()) {
              case F32 -> 0;
              case F16, BF16 -> 5e-4;
              default -> 5e-3;
            };
        TensorAssert.assertClose(
            name, model.read(name).to(DType.F32), wanted, Tolerance.ofScale(share, scale));
      }
    }
  }
}
