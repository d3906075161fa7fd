package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One value of a config, turned into exactly the Java type that a record's component declares. */
final class ConfigValue {
  private ConfigValue() {}

  /**
   * Converts a JSON value; nothing is coerced, but a whole number may stand for a fraction.
   *
   * @param where the file and key, for messages
   * @param json the value
   * @param type what the component declares
   * @param fallback the component's default, which fills the keys that a nested object leaves out
   * @throws CheckpointException {@code VALUE} for another type or a number that does not fit
   */
  static @Nullable Object of(String where, JsonNode json, Type type, @Nullable Object fallback) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (json.isNull()) {
        return null;
      }
      return generic.getRawType() == List.class
          ? list(where, json, arguments[0])
          : map(where, json, arguments[1]);
    }
    Class<?> plain = (Class<?>) type;
    if (json.isNull() && !plain.isPrimitive()) {
      return null;
    }
    if (plain.isRecord()) {
      return ConfigReader.record(where, json, plain, fallback);
    }
    if (plain.isEnum()) {
      return constant(where, json, plain);
    }
    return plain == String.class ? string(where, json) : primitive(where, json, plain);
  }

  private static Object primitive(String where, JsonNode json, Class<?> type) {
    if (type == int.class || type == Integer.class) {
      require(json.isIntegralNumber() && json.canConvertToInt(), where, "a 32-bit integer", json);
      return json.intValue();
    }
    if (type == long.class || type == Long.class) {
      require(json.isIntegralNumber() && json.canConvertToLong(), where, "a 64-bit integer", json);
      return json.longValue();
    }
    if (type == double.class || type == Double.class) {
      require(json.isNumber(), where, "a number", json);
      return json.doubleValue();
    }
    if (type == float.class || type == Float.class) {
      require(json.isNumber(), where, "a number", json);
      return (float) json.doubleValue();
    }
    if (type == boolean.class || type == Boolean.class) {
      require(json.isBoolean(), where, "true or false", json);
      return json.booleanValue();
    }
    if (type == JsonNode.class) {
      // For what may be a number or a list, which the record looks into itself.
      return json;
    }
    throw new IllegalArgumentException(where + ": a config cannot hold a " + type.getName());
  }

  private static String string(String where, JsonNode json) {
    require(json.isString(), where, "a string", json);
    return json.stringValue();
  }

  private static Object constant(String where, JsonNode json, Class<?> type) {
    Object[] constants = type.getEnumConstants();
    List<String> names =
        Arrays.stream(constants).map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT)).toList();
    int found = json.isString() ? names.indexOf(json.stringValue()) : -1;
    require(found >= 0, where, "one of " + String.join(", ", names), json);
    return constants[found];
  }

  private static List<@Nullable Object> list(String where, JsonNode json, Type element) {
    require(json.isArray(), where, "a list", json);
    List<@Nullable Object> values = new ArrayList<>(json.size());
    int i = 0;
    for (JsonNode item : json) {
      values.add(of(where + "[" + i++ + "]", item, element, null));
    }
    return Collections.unmodifiableList(values);
  }

  private static Map<String, @Nullable Object> map(String where, JsonNode json, Type element) {
    require(json.isObject(), where, "an object", json);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    json.properties()
        .forEach(e ->
            values.put(
                e.getKey(), of(where + "." + Quoted.of(e.getKey()), e.getValue(), element, null)));
    return Collections.unmodifiableMap(values);
  }

  private static void require(boolean holds, String where, String expected, JsonNode json) {
    if (!holds) {
      String got = json.getNodeType().toString();
      if (json.isValueNode()) {
        got += " " + Quoted.of(json.isString() ? json.stringValue() : json.toString());
      }
      throw new CheckpointException(
          Kind.VALUE, where, expected, got, "Correct this value in the file.");
    }
  }
}
