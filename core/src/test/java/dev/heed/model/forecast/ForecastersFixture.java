package dev.heed.model.forecast;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Small forecasters of fresh weights. */
final class ForecastersFixture {
  private ForecastersFixture() {}

  /**
   * A model in double precision.
   *
   * @param json the config's keys but for its architecture
   */
  static SeriesModel build(String architecture, String json, Generator random) {
    ObjectNode keys = (ObjectNode) JsonMapper.shared().readTree(json);
    keys.putArray("architectures").add(architecture);
    ModelConfig config = new ModelConfig("config", keys);
    ModelFamilies.Choice choice = ModelFamilies.of(config);
    Weights weights = Weights.initialise(random, DType.F64);
    try {
      Model model = choice.builder().build(weights, config);
      config.requireAllKnown(choice.family().ignoredKeys());
      return (SeriesModel) model;
    } catch (RuntimeException e) {
      weights.discard();
      throw e;
    }
  }
}
