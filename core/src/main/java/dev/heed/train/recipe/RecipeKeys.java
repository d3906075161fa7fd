package dev.heed.train.recipe;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which keys a recipe has: a misspelt one would change nothing and say nothing. */
final class RecipeKeys {
  private RecipeKeys() {}

  static void requireKnown(String where, JsonNode json) {
    requireKnown(where, json, Recipe.class);
  }

  private static void requireKnown(String where, JsonNode json, Class<?> type) {
    Map<String, Class<?>> known = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      known.put(ConfigReader.key(component.getName()), part(component));
    }
    json.properties()
        .forEach(entry -> {
          Class<?> part = known.get(entry.getKey());
          if (part == null) {
            throw error(where, "one of the keys " + known.keySet(), Quoted.of(entry.getKey()));
          }
          if (part.isRecord() && entry.getValue().isObject()) {
            requireKnown(where + ", " + entry.getKey(), entry.getValue(), part);
          }
          if (part.isRecord() && entry.getValue().isArray()) {
            entry.getValue().forEach(one -> requireKnown(where + ", " + entry.getKey(), one, part));
          }
        });
  }

  /** What a value is made of: the elements of a list. */
  private static Class<?> part(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType list
            && list.getRawType() == List.class
            && list.getActualTypeArguments()[0] instanceof Class<?> element
        ? element
        : component.getType();
  }

  static void requireGiven(String where, @Nullable JsonNode json, String... keys) {
    for (String key : keys) {
      if (json == null || !json.has(key)) {
        throw error(where, "the keys " + Arrays.toString(keys), "no " + key);
      }
    }
  }

  /** Checks a value. */
  static void require(boolean fits, String key, String expected, Object got) {
    if (!fits) {
      throw new IllegalArgumentException(key + ": expected " + expected + ", got " + got);
    }
  }

  private static CheckpointException error(String where, String expected, String got) {
    return new CheckpointException(Kind.VALUE, where, expected, got, "Correct the recipe.");
  }
}
