package dev.heed.verify;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.generate.Generator;
import dev.heed.generate.config.Convention;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.Search;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The recorded generations: each name in the setting {@code generate_kwargs} is a search from
 * {@code generate_input.NAME}, whose tokens are {@code generate.NAME} and whose scores, where it is
 * by beams, {@code generate_scores.NAME}.
 */
final class RecordedGeneration {
  private static final String INPUT = "generate_input";
  private static final String CONFIG = "generation_config";

  private RecordedGeneration() {}

  /**
   * Runs them all.
   *
   * @param plain as {@link Model#asRecorded} gives what is run
   * @param modelConfig of the model
   */
  static Map<String, Tensor> run(
      Model plain, JsonNode modelConfig, GoldenFile recorded, ModelInput input) {
    Model model = plain.asRecorded();
    Map<String, Tensor> results = new LinkedHashMap<>();
    if (recorded.group(INPUT).isEmpty() || model.kind() == ModelKind.ENCODER) {
      return results;
    }
    boolean inPlace =
        modelConfig.path("model_type").asString("").equals("minimax")
            || "cache_params".equals(recorded.settings().get("cache_name"));
    GenerationConfig config =
        GenerationConfig.of(recorded.name() + ", " + CONFIG, recorded.json(CONFIG));
    for (Map.Entry<String, JsonNode> search : recorded.json("generate_kwargs").properties()) {
      // What XLNet carries has a name of its own.
      boolean remembers = search.getValue().path("use_mems").asBoolean(true);
      GenerationConfig own =
          config.withAll(recorded.name(), without(search.getValue(), "use_mems"));
      List<Generated> found = new ArrayList<>();
      boolean cached = remembers && search.getValue().path("use_cache").asBoolean(true);
      if (cached && model.couplesSequences() && own.search().numBeams() == 1) {
        int most = search.getValue().path("max_new_tokens").asInt(0);
        Tensor ids = JointGreedy.decode(model, input.require("input_ids"), most, own);
        results.put("generate." + search.getKey(), ids);
        continue;
      }
      if (cached && inPlace) {
        int beams = own.search().numBeams();
        StatesInPlace decoder = new StatesInPlace(model);
        try (Search all =
            new Generator(decoder)
                .start(input, settings(own), rows -> new WholeBatch(rows, beams))) {
          all.finish().forEach(found::addAll);
        } finally {
          decoder.forget();
        }
      } else {
        Model decoder = cached ? model : new WithoutCache(model);
        new Generator(decoder).generate(input, settings(own)).forEach(found::addAll);
      }
      results.put("generate." + search.getKey(), ids(found, own));
      results.put(
          "generate_scores." + search.getKey(),
          Tensor.of(found.stream().mapToDouble(Generated::score).toArray(), found.size()));
    }
    return results;
  }

  private static JsonNode without(JsonNode settings, String key) {
    ObjectNode fewer = ((ObjectNode) settings).deepCopy();
    fewer.remove(key);
    return fewer;
  }

  /** As the library that recorded them counts and scores. */
  private static SearchSettings settings(GenerationConfig config) {
    return SearchSettings.of(config)
        .withConvention(Convention.of(config.version()))
        .withPaddingCounts(true);
  }

  /** Rows of one length, filled at the right; i64. */
  private static Tensor ids(List<Generated> found, GenerationConfig config) {
    int length = found.stream().mapToInt(row -> row.tokens().size()).max().orElse(0);
    long[] ids = new long[found.size() * length];
    for (int r = 0; r < found.size(); r++) {
      int[] tokens = found.get(r).tokens().toArray();
      for (int i = 0; i < tokens.length; i++) {
        ids[r * length + i] = tokens[i];
      }
      if (tokens.length < length) {
        Arrays.fill(ids, r * length + tokens.length, (r + 1) * length, filler(config));
      }
    }
    return Tensor.of(ids, found.size(), length);
  }

  /** The library's newer beam search takes a padding token 0 for none, and fills with the end. */
  private static int filler(GenerationConfig config) {
    Integer padding = config.tokens().padTokenId();
    boolean end =
        padding != null
            && padding == 0
            && config.search().numBeams() > 1
            && Convention.of(config.version()) == Convention.GENERATED_LENGTH_WITH_END
            && !config.tokens().eosTokenId().isEmpty();
    return end ? config.tokens().eosTokenId().getFirst() : config.tokens().padding();
  }
}
