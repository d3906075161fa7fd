package dev.heed.generate.constrain;

import dev.heed.checkpoint.Quoted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** A schema's keywords, of which each must be taken. */
final class Keywords {
  private static final int MOST = 10_000;

  /** Which types a keyword is about: of other types it says nothing. */
  private static final Set<String> OF_OBJECTS = Set.of("properties", "required");

  private final JsonNode schema;
  private final String at;
  private final Set<String> taken = new HashSet<>();

  Keywords(JsonNode schema, String at) {
    this.schema = schema;
    this.at = at;
  }

  String where() {
    return "JSON schema, " + at;
  }

  boolean has(String key) {
    return schema.has(key);
  }

  /** A value that stays to be taken; an empty object if there is none. */
  JsonNode peek(String key) {
    return schema.path(key);
  }

  JsonNode take(String key) {
    taken.add(key);
    return schema.path(key);
  }

  void known(String key) {
    taken.add(key);
  }

  String text(String key) {
    JsonNode value = take(key);
    if (!value.isString()) {
      throw error(key, "a text", value);
    }
    return value.stringValue();
  }

  List<JsonNode> list(String key) {
    JsonNode value = take(key);
    if (!value.isArray() || value.isEmpty() && !OF_OBJECTS.contains(key)) {
      throw error(key, "a list of one element or more", value);
    }
    List<JsonNode> elements = new ArrayList<>();
    value.forEach(elements::add);
    return elements;
  }

  int count(String key, int otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    JsonNode value = take(key);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 0
        || value.intValue() > MOST) {
      throw error(key, "a whole number from 0 to " + MOST, value);
    }
    return value.intValue();
  }

  List<String> types() {
    JsonNode type = take("type");
    if (type.isMissingNode()) {
      return List.of();
    }
    List<String> types = new ArrayList<>();
    for (JsonNode one : type.isArray() ? type : List.of(type)) {
      types.add(one.asString(""));
    }
    if (types.isEmpty()) {
      throw error("type", "a type or more", type);
    }
    return types;
  }

  /** Refuses what was not taken. */
  void done(Set<String> withoutEffect) {
    Set<String> left = new TreeSet<>();
    schema.properties().forEach(entry -> left.add(entry.getKey()));
    left.removeAll(taken);
    left.removeAll(withoutEffect);
    if (!left.isEmpty()) {
      throw new GrammarException(
          where()
              + ": expected keywords that are offered here, got "
              + left.stream().map(Quoted::of).toList());
    }
  }

  private GrammarException error(String key, String expected, JsonNode got) {
    return new GrammarException(
        where() + ", " + key + ": expected " + expected + ", got " + Quoted.of(got.toString()));
  }
}
