package dev.heed.text.recorded;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares values with recorded ones, key by key, and keeps what differs and what nobody compared.
 */
final class Comparison {
  private final List<TokenizerVerification.Difference> differences = new ArrayList<>();
  private final List<String> notCompared = new ArrayList<>();
  private int compared;

  /** One recorded object that is read key by key. */
  final class Entry {
    private final String name;
    private final JsonNode node;
    private final Set<String> read = new HashSet<>();

    private Entry(String name, JsonNode node) {
      this.name = name;
      this.node = node;
    }

    /** A recorded text. */
    String text(String key) {
      read.add(key);
      return node.path(key).asString("");
    }

    boolean has(String key) {
      return node.has(key);
    }

    JsonNode node(String key) {
      read.add(key);
      return node.path(key);
    }

    /** Notes keys that describe the recording. */
    void describe(String... keys) {
      read.addAll(List.of(keys));
    }

    /** Compares a value, if there is a recorded one. */
    void check(String key, @Nullable Object value) {
      if (node.has(key)) {
        read.add(key);
        compare(name + ", " + key, node.path(key), value);
      }
    }

    /** Compares a value with what was read of the recorded one. */
    void check(String key, @Nullable Object value, Object recorded) {
      read.add(key);
      compare(name + ", " + key, recorded, value);
    }

    /** Ends the reading of this object. */
    void done() {
      node.propertyNames().stream()
          .filter(key -> !read.contains(key))
          .forEach(key -> notCompared.add(name + ", " + key));
    }
  }

  Entry entry(String name, JsonNode node) {
    return new Entry(name, node);
  }

  void compare(String what, Object recorded, @Nullable Object value) {
    compared++;
    String expected = Written.of(recorded);
    String got = Written.of(value);
    if (!expected.equals(got)) {
      differences.add(new TokenizerVerification.Difference(what, expected, got));
    }
  }

  TokenizerVerification.Outcome outcome() {
    return new TokenizerVerification.Outcome(compared, differences, notCompared);
  }
}
