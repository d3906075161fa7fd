package dev.heed.audio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.ConfigFile;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every recorded extractor of sounds. */
@Tag("integration")
class SoundReferenceTest {
  /** As stated with the recordings, and ten times less. */
  private static final Tolerance LOG_MEL = new Tolerance(0, 1e-5);

  private static final Tolerance NORMALISED = new Tolerance(1e-6, 1e-6);

  @TestFactory
  Stream<DynamicTest> equals_its_recording() {
    return GoldenFolder.list(GoldenFolder.area("features")).stream()
        .filter(folder -> !folder.getFileName().toString().endsWith("-image"))
        .map(folder ->
            DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
  }

  private static void check(Path folder) {
    Path config = folder.resolve("preprocessor_config.json");
    SoundProcessor processor = SoundProcessor.read(config);
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
      List<String> unread = new ArrayList<>(file.names());
      List<Sound> sounds = new ArrayList<>();
      for (int i = 0; unread.remove("input.audio." + i); i++) {
        float[] samples = file.read("input.audio." + i).toFloatArray();
        sounds.add(Sound.mono(processor.rate(), samples));
      }
      assertThat(sounds).isNotEmpty();
      SoundBatch batch = processor.process(sounds);
      for (int i = 0; unread.remove("output.input_features." + i); i++) {
        Tensor one = batch.features().narrow(0, i, 1).squeeze(0);
        TensorAssert.assertClose(
            "sound " + i, one, file.read("output.input_features." + i), LOG_MEL);
      }
      if (unread.remove("output.mel_filters")) {
        double[] filters =
            Arrays.stream(((WhisperProcessor) processor).filters().weights())
                .flatMapToDouble(Arrays::stream)
                .toArray();
        Tensor expected = file.read("output.mel_filters");
        Tensor actual = Tensor.of(filters, expected.shape().toArray()).to(DType.F32);
        TensorAssert.assertClose("filters", actual, expected, new Tolerance(1e-5, 1e-8));
      }
      if (unread.remove("output.input_values")) {
        assertThat(batch.masked()).isTrue();
        TensorAssert.assertClose(
            "values", batch.features(), file.read("output.input_values"), NORMALISED);
      }
      if (unread.remove("output.attention_mask")) {
        TensorAssert.assertEqual(batch.mask(), file.read("output.attention_mask"));
      }
      if (unread.remove("output.input_values_nomask")) {
        ObjectNode unmasked = (ObjectNode) ConfigFile.json(config);
        unmasked.put("return_attention_mask", false);
        SoundBatch other = SoundProcessor.of("unmasked", unmasked).process(sounds);
        assertThat(other.masked()).isFalse();
        TensorAssert.assertClose(
            "unmasked", other.features(), file.read("output.input_values_nomask"), NORMALISED);
      }
      assertThat(unread).as("recorded and not compared").isEmpty();
    }
  }
}
