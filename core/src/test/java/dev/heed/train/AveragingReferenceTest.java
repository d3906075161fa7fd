package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.Averaging;
import dev.heed.train.optim.WeightAverage;
import dev.heed.train.schedule.SwaAnnealing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every kind of average of weights against recordings. */
@Tag("integration")
class AveragingReferenceTest {
  @TestFactory
  Stream<DynamicTest> recorded() {
    return Stream.of("ema", "ema_zero_corrected", "ema_warmup", "ema_averaged_model", "swa")
        .flatMap(name ->
            Stream.of(DType.F64, DType.F32)
                .map(dtype ->
                    DynamicTest.dynamicTest(name + " " + dtype, () -> check(name, dtype))));
  }

  private static void check(String name, DType dtype) {
    try (GoldenFile file = open();
        TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> weights = weights(file, 0, dtype);
      try (WeightAverage average = new WeightAverage(rule(name, file), weights)) {
        int compared = 0;
        for (int update = 1; file.has("input." + update + "." + first(weights)); update++) {
          Map<String, Tensor> next = weights(file, update, dtype);
          weights.forEach((key, tensor) -> tensor.assign(Objects.requireNonNull(next.get(key))));
          average.update();
          for (var entry : average.weights().entrySet()) {
            String key = "output." + name + "." + update + "." + entry.getKey();
            RecordedTraining.assertClose(file, key, entry.getValue(), dtype);
            compared++;
          }
        }
        assertThat(compared)
            .isEqualTo(
                file.tensors().keySet().stream()
                    .filter(key -> key.startsWith("f64.output." + name + "."))
                    .count());
      }
    }
  }

  @Test
  void swalr() {
    try (GoldenFile file = open();
        TensorScope scope = TensorScope.open()) {
      JsonNode options = file.json("swalr");
      for (String shape : new String[] {"linear", "cos"}) {
        SwaAnnealing annealing =
            new SwaAnnealing(
                options.get("swa_lr").asDouble(),
                options.get("anneal_epochs").asLong(),
                shape.equals("cos"));
        String key = "output.swalr_" + shape;
        double[] rates = new double[(int) file.read("f64." + key).elements()];
        for (int step = 0; step < rates.length; step++) {
          rates[step] = annealing.rate(options.get("base_lr").asDouble(), step);
        }
        RecordedTraining.assertClose(file, key, Tensor.of(rates), DType.F64);
      }
    }
  }

  private static GoldenFile open() {
    return GoldenFile.open(RecordedTraining.folder().resolve("averaging.safetensors"));
  }

  private static String first(Map<String, Tensor> weights) {
    return weights.keySet().iterator().next();
  }

  private static Map<String, Tensor> weights(GoldenFile file, int update, DType dtype) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : file.group("input." + update)) {
      weights.put(name, file.read("input." + update + "." + name).to(dtype).copy());
    }
    return weights;
  }

  private static Averaging rule(String name, GoldenFile file) {
    double decay = file.number("decay");
    return switch (name) {
      case "ema" -> new Averaging.Exponential(decay);
      case "ema_zero_corrected" -> new Averaging.ZeroCorrected(decay);
      case "ema_warmup" -> new Averaging.WarmedUp(decay);
      case "ema_averaged_model" -> new Averaging.FirstCopied(decay);
      default -> new Averaging.Stochastic(file.integer("swa_start"));
    };
  }
}
