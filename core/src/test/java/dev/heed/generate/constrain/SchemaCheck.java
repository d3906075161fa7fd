package dev.heed.generate.constrain;

import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Whether a value is valid by the keywords that the tests use, straight from their definitions. */
final class SchemaCheck {
  private SchemaCheck() {}

  static boolean valid(JsonNode root, JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.booleanValue();
    }
    return reference(root, schema, value)
        && type(schema.get("type"), value)
        && constants(schema, value)
        && options(root, schema, value)
        && (!value.isNumber() || number(schema, value.doubleValue()))
        && (!value.isString() || string(schema, value.stringValue()))
        && (!value.isArray() || array(root, schema, value))
        && (!value.isObject() || object(root, schema, value));
  }

  private static boolean reference(JsonNode root, JsonNode schema, JsonNode value) {
    return !schema.has("$ref")
        || valid(root, root.at(schema.get("$ref").stringValue().substring(1)), value);
  }

  private static boolean type(JsonNode type, JsonNode value) {
    if (type == null) {
      return true;
    }
    if (type.isArray()) {
      return StreamSupport.stream(type.spliterator(), false).anyMatch(one -> type(one, value));
    }
    return switch (type.stringValue()) {
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "array" -> value.isArray();
      default -> value.isObject();
    };
  }

  private static boolean constants(JsonNode schema, JsonNode value) {
    boolean constant = !schema.has("const") || schema.get("const").equals(value);
    return constant
        && (!schema.has("enum")
            || StreamSupport.stream(schema.get("enum").spliterator(), false)
                .anyMatch(one -> one.equals(value)));
  }

  private static boolean options(JsonNode root, JsonNode schema, JsonNode value) {
    return !schema.has("oneOf")
        || StreamSupport.stream(schema.get("oneOf").spliterator(), false)
                .filter(one -> valid(root, one, value))
                .count()
            == 1;
  }

  private static boolean number(JsonNode schema, double value) {
    return value >= schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
        && value <= schema.path("maximum").asDouble(Double.POSITIVE_INFINITY)
        && value > schema.path("exclusiveMinimum").asDouble(Double.NEGATIVE_INFINITY);
  }

  private static boolean string(JsonNode schema, String value) {
    int length = value.codePointCount(0, value.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
        && (!schema.has("pattern")
            || java.util.regex.Pattern.compile(schema.get("pattern").stringValue())
                .matcher(value)
                .find());
  }

  private static boolean array(JsonNode root, JsonNode schema, JsonNode value) {
    boolean fits =
        value.size() >= schema.path("minItems").asInt(0)
            && value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE);
    int first = schema.path("prefixItems").size();
    for (int i = 0; i < value.size() && fits; i++) {
      JsonNode of = i < first ? schema.get("prefixItems").get(i) : schema.get("items");
      fits = of == null || valid(root, of, value.get(i));
    }
    return fits;
  }

  private static boolean object(JsonNode root, JsonNode schema, JsonNode value) {
    boolean fits = true;
    for (JsonNode name : schema.path("required")) {
      fits &= value.has(name.stringValue());
    }
    for (var entry : value.properties()) {
      JsonNode of = schema.path("properties").get(entry.getKey());
      JsonNode rest = of != null ? of : schema.get("additionalProperties");
      fits &= rest == null || valid(root, rest, entry.getValue());
    }
    return fits;
  }
}
