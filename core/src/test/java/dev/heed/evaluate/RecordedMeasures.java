package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.golden.GoldenFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recorded inputs and values of measures, and how values are compared with them. */
final class RecordedMeasures {
  static final double TOLERANCE = 1e-6;

  private RecordedMeasures() {}

  /** One recorded file. */
  static JsonNode file(String name) {
    Path file = GoldenFolder.area("metrics").resolve(name + ".json");
    assertThat(Files.isRegularFile(file)).as("there is a recording " + file).isTrue();
    return JsonMapper.shared().readTree(file.toFile());
  }

  /** One test for each element of a list, named after it. */
  static Stream<DynamicTest> each(String name, JsonNode list, BiConsumer<JsonNode, Expected> test) {
    assertThat(list.size()).as(name).isPositive();
    return IntStream.range(0, list.size())
        .mapToObj(i ->
            DynamicTest.dynamicTest(
                title(name, i, list.get(i)),
                () -> test.accept(list.get(i), new Expected(list.get(i)))));
  }

  private static String title(String name, int i, JsonNode item) {
    StringBuilder title = new StringBuilder(name).append(' ').append(i);
    for (String key : List.of("name", "data", "index", "tokenize", "options")) {
      if (item.has(key)) {
        title.append(' ').append(item.get(key));
      }
    }
    return title.toString();
  }

  /** Compares with the numbers recorded under these keys; null is not a number. */
  record Expected(JsonNode node) {
    void number(String key, double value) {
      JsonNode expected = node.get(key);
      assertThat(expected).as("recorded " + key).isNotNull();
      compare(key, expected, value);
    }

    void numbers(String key, double... values) {
      assertThat(node.get(key)).as("recorded " + key).isNotNull();
      new Expected(node.get(key)).elements(values);
    }

    void elements(double... values) {
      assertThat(node.size()).as("recorded " + node).isEqualTo(values.length);
      IntStream.range(0, values.length)
          .forEach(i -> compare("element " + i, node.get(i), values[i]));
    }

    void score(String key, PrecisionRecall value) {
      numbers(key, value.precision(), value.recall(), value.f1());
    }

    private static void compare(String key, JsonNode expected, double value) {
      double wanted = expected.isNull() ? Double.NaN : expected.asDouble();
      boolean close =
          Double.compare(wanted, value) == 0
              || Math.abs(wanted - value) <= TOLERANCE * Math.max(1, Math.abs(wanted));
      assertThat(close).as("%s: expected %s, got %s", key, wanted, value).isTrue();
    }
  }

  static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  static List<String> texts(JsonNode list) {
    return stream(list).map(JsonNode::asString).toList();
  }

  static List<List<String>> textLists(JsonNode list) {
    return stream(list).map(RecordedMeasures::texts).toList();
  }

  /** Texts of which some may be missing. */
  static List<@Nullable String> textsOrNull(JsonNode list) {
    List<@Nullable String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.isNull() ? null : text.asString()));
    return texts;
  }

  static double[] doubles(JsonNode list) {
    return stream(list).mapToDouble(JsonNode::asDouble).toArray();
  }

  static boolean[] truths(JsonNode list) {
    boolean[] truths = new boolean[list.size()];
    IntStream.range(0, truths.length).forEach(i -> truths[i] = list.get(i).asInt() != 0);
    return truths;
  }
}
