package dev.heed.generate;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.generate.config.Convention;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.SearchSettings;
import dev.heed.golden.GoldenFolder;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What recorded generations share: a model's folder, its config, and inputs as JSON. */
record RecordedSearch(String name) {
  static Path models() {
    return GoldenFolder.area("models");
  }

  Path folder() {
    return models().resolve(name);
  }

  Model load() {
    return Model.load(folder(), DType.F32);
  }

  /** The same model with the weights of a file. */
  Model load(Path weights) {
    Path config = folder().resolve("config.json");
    try (SafetensorsFile source = SafetensorsFile.open(weights)) {
      return ModelLoader.build(config.toString(), ConfigReader.json(config), source, DType.F32)
          .model();
    }
  }

  SearchSettings settings(JsonNode arguments) {
    GenerationConfig config =
        GenerationConfig.read(folder().resolve("generation_config.json"))
            .withAll("arguments", arguments);
    return SearchSettings.of(config)
        .withConvention(Convention.of(config.version()))
        .withPaddingCounts(true);
  }

  ModelInput input(JsonNode inputs) {
    if (inputs.isString()) {
      // "KEY of FILE"
      String key = inputs.stringValue().split(" ")[0];
      try (GoldenFile file = GoldenFile.open(folder().resolve("golden.safetensors"))) {
        return ModelInput.of(key.substring(key.indexOf('.') + 1), file.read(key));
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    inputs.properties().forEach(entry -> tensors.put(entry.getKey(), tensor(entry.getValue())));
    return ModelInput.of(tensors);
  }

  /** Rows of numbers, or "the first N rows of KEY in FILE". */
  private Tensor tensor(JsonNode value) {
    if (value.isString()) {
      String[] words = value.stringValue().split(" ");
      try (GoldenFile file = GoldenFile.open(folder().resolve("golden.safetensors"))) {
        return file.read(words[5]).narrow(0, 0, Long.parseLong(words[2]));
      }
    }
    int width = value.get(0).size();
    long[] flat = new long[value.size() * width];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = value.get(i / width).get(i % width).asLong();
    }
    return Tensor.of(flat, value.size(), width);
  }
}
