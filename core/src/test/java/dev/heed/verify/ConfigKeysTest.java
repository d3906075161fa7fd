package dev.heed.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.checkpoint.RecordedReference;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.model.ConfigKeys;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.TensorException;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * No key of a config is ignored in silence: with another value of any of them the numbers change,
 * or the load is refused, or the key is known not to matter.
 */
@Tag("integration")
class ConfigKeysTest {
  private static final String GOLDEN = "heed.golden";
  private static final int REASON = 2;
  private static final String ROUTERS = "output_router_logits";
  private static final long SEED = 5;

  /** Lines {@code model_type key reason}, where {@code *} stands for all families. */
  private static final Set<String> CONDITIONAL = conditional();

  private static Set<String> conditional() {
    try (InputStream file =
        Objects.requireNonNull(
            ConfigKeysTest.class.getResourceAsStream("/golden/conditional-config-keys.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" ", REASON + 1))
          .peek(parts -> assertThat(parts).as("model type, key, reason").hasSize(REASON + 1))
          .map(parts -> parts[0] + " " + parts[1])
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path models() throws Exception {
    String other = System.getProperty(GOLDEN);
    return other == null
        ? Path.of(
            Objects.requireNonNull(ConfigKeysTest.class.getResource("/golden/models")).toURI())
        : Path.of(other, "models");
  }

  @TestFactory
  Stream<DynamicTest> every_key_changes_numbers_or_is_refused_or_known() throws Exception {
    List<Path> found;
    try (Stream<Path> folders = Files.list(models())) {
      found = folders.sorted().toList();
    }
    return found.stream()
        .map(folder ->
            DynamicTest.dynamicTest(
                folder.getFileName().toString(),
                () -> assertThat(silent(folder)).as("keys without any effect").isEmpty()));
  }

  /** The keys, with the other value, that change nothing and are not known to. */
  private static List<String> silent(Path folder) throws IOException {
    RecordedReference reference = RecordedReference.open(folder);
    ObjectNode config = (ObjectNode) reference.config();
    if (config.has(ROUTERS)) {
      // Without it the routers' loss has no effect.
      config.put(ROUTERS, true);
    }
    List<String> silent = new ArrayList<>();
    try (GoldenFile recorded = GoldenFile.open(reference.cases().getFirst());
        SafetensorsFile weights = reference.weights()) {
      Runs runs = new Runs(reference, recorded, weights, config);
      for (Map.Entry<String, List<JsonNode>> key : others(config, "").entrySet()) {
        if (!isKnown(config, key.getKey())
            && key.getValue().stream()
                .allMatch(other -> runs.sameWith(config, key.getKey(), other))) {
          silent.add(key.getKey());
        }
      }
    }
    return silent;
  }

  /** A list of the family, or of keys that matter beside some values of others only. */
  private static boolean isKnown(ObjectNode config, String key) {
    Set<String> ignored =
        ModelFamilies.of(new ModelConfig("config.json", config)).family().ignoredKeys();
    String type = config.path("model_type").asString("");
    String last = key.substring(key.lastIndexOf('.') + 1);
    return Stream.of(key.split("\\.", -1))
            .anyMatch(part -> ConfigKeys.BOOKKEEPING.contains(part) || ignored.contains(part))
        || CONDITIONAL.contains(type + " " + last)
        || CONDITIONAL.contains("* " + last);
  }

  /** Other values of every key, by its path. */
  private static Map<String, List<JsonNode>> others(ObjectNode config, String above) {
    Map<String, List<JsonNode>> others = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      String key = above + entry.getKey();
      if (entry.getValue() instanceof ObjectNode inner && !inner.has("__float__")) {
        others.putAll(others(inner, key + "."));
      } else if (!others(entry.getValue()).isEmpty()) {
        others.put(key, others(entry.getValue()));
      }
    }
    return others;
  }

  /** Other numbers, truth values or strings, or such first elements; empty for what has none. */
  private static List<JsonNode> others(JsonNode value) {
    JsonNodeFactory nodes = JsonMapper.shared().getNodeFactory();
    if (value.isBoolean()) {
      return List.of(nodes.booleanNode(!value.booleanValue()));
    }
    if (value.isIntegralNumber()) {
      long number = value.longValue();
      return Stream.of(number + 1, 2 * number + 2, number / 2 - 1, Math.abs(number) + 2)
          .<JsonNode>map(nodes::numberNode)
          .toList();
    }
    if (value.isNumber()) {
      double number = value.doubleValue();
      return Stream.of(number * 0.5 + (number == 0 ? 0.25 : 0), number * 8 + 1)
          .<JsonNode>map(nodes::numberNode)
          .toList();
    }
    if (value.isString()) {
      return List.of(nodes.stringNode(value.stringValue() + "_other"));
    }
    if (value instanceof ArrayNode list && !list.isEmpty()) {
      return others(list.get(0)).stream()
          .<JsonNode>map(first -> {
            ArrayNode changed = list.deepCopy();
            changed.set(0, first);
            return changed;
          })
          .toList();
    }
    return List.of();
  }

  private static ObjectNode changed(ObjectNode config, String key, JsonNode value) {
    ObjectNode whole = config.deepCopy();
    String[] path = key.split("\\.", -1);
    ObjectNode node = whole;
    for (int i = 0; i < path.length - 1; i++) {
      node = (ObjectNode) node.get(path[i]);
    }
    node.set(path[path.length - 1], value);
    return whole;
  }

  private static boolean same(Map<String, double[]> a, Map<String, double[]> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream()
            .allMatch(entry -> java.util.Arrays.equals(entry.getValue(), b.get(entry.getKey())));
  }

  /** Runs models of one recording's weights on its inputs. */
  private static final class Runs {
    private final RecordedReference reference;
    private final GoldenFile recorded;
    private final SafetensorsFile weights;
    private final Map<String, double[]> usual;
    private final Map<String, double[]> training;

    Runs(
        RecordedReference reference,
        GoldenFile recorded,
        SafetensorsFile weights,
        ObjectNode config) {
      this.reference = reference;
      this.recorded = recorded;
      this.weights = weights;
      this.usual = numbers(config, false);
      this.training = numbers(config, true);
    }

    /** Whether nothing changes and nothing is refused. */
    boolean sameWith(ObjectNode config, String key, JsonNode value) {
      ObjectNode other = changed(config, key, value);
      try {
        return same(numbers(other, false), usual) && same(numbers(other, true), training);
      } catch (CheckpointException | IllegalArgumentException | TensorException refused) {
        // By the load or by the first call.
        return false;
      }
    }

    private Map<String, double[]> numbers(ObjectNode config, boolean trains) {
      Map<String, double[]> numbers = new TreeMap<>();
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(SEED)) {
        ModelLoader.Built built = ModelLoader.build("config.json", config, weights, DType.F32);
        try (Model model = built.model()) {
          ModelInput input = RecordedInputs.of(recorded, "input", DType.F32);
          Trace trace = trains ? Trace.training(generator) : Trace.NONE;
          ModelOutput output = model.apply(input, trace, new Wanted(!trains, !trains));
          output.values().forEach((key, value) -> numbers.put(key, value.toDoubleArray()));
        }
      }
      return numbers;
    }
  }
}
