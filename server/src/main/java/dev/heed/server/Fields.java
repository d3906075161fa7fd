package dev.heed.server;

import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a request, each read once and strictly. What was not read at the end is refused by
 * name, since a client that sets it counts on it.
 */
final class Fields {
  private final JsonNode object;
  private final String where;
  private final Set<String> taken = new LinkedHashSet<>();

  Fields(JsonNode object) {
    this(object, "");
  }

  /**
   * Fields of an object within.
   *
   * @param where its place, with a dot at the end; empty for the body
   */
  Fields(JsonNode object, String where) {
    if (!object.isObject()) {
      throw new Problem(
          400,
          "invalid_request",
          (where.isEmpty() ? "body" : where.substring(0, where.length() - 1))
              + ": expected an object, got another value");
    }
    this.object = object;
    this.where = where;
  }

  /** A value of any kind; null where it is absent or null. */
  @Nullable JsonNode any(String name) {
    taken.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** A value of any kind that must be there. */
  JsonNode required(String name) {
    JsonNode value = any(name);
    if (value == null) {
      throw Problem.ofParameter(
          where + name,
          "missing_required_parameter",
          where + name + ": expected a value, got none");
    }
    return value;
  }

  @Nullable String text(String name) {
    JsonNode value = any(name);
    if (value != null && !value.isString()) {
      throw wrong(name, "a string", value);
    }
    return value == null ? null : value.stringValue();
  }

  String requiredText(String name) {
    String value = text(name);
    return value == null ? required(name).stringValue() : value;
  }

  boolean flag(String name, boolean absent) {
    JsonNode value = any(name);
    if (value != null && !value.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return value == null ? absent : value.booleanValue();
  }

  @Nullable Integer integer(String name, int least, int most) {
    Long value = number(name, least, most);
    return value == null ? null : Math.toIntExact(value);
  }

  @Nullable Long number(String name, long least, long most) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "a whole number from " + least + " to " + most, value);
    }
    long number = value.longValue();
    if (number < least || number > most) {
      throw wrong(name, "a whole number from " + least + " to " + most, value);
    }
    return number;
  }

  @Nullable Double real(String name, double least, double most) {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    double real = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (!(real >= least && real <= most)) {
      throw wrong(name, "a number from " + least + " to " + most, value);
    }
    return real;
  }

  /** A string or a list of strings; an empty list where it is absent. */
  List<String> texts(String name) {
    JsonNode value = any(name);
    if (value == null) {
      return List.of();
    }
    if (value.isString()) {
      return List.of(value.stringValue());
    }
    List<String> texts = new ArrayList<>();
    if (!value.isArray()) {
      throw wrong(name, "a string or a list of strings", value);
    }
    for (JsonNode one : value) {
      if (!one.isString()) {
        throw wrong(name, "a string or a list of strings", value);
      }
      texts.add(one.stringValue());
    }
    return texts;
  }

  /** Reads and drops fields that cannot change an answer. */
  void without(String... names) {
    for (String name : names) {
      any(name);
    }
  }

  /** A field that must have one of some values, which is what happens anyway. */
  void only(String name, String... values) {
    JsonNode value = any(name);
    if (value != null && !List.of(values).contains(value.asString(""))) {
      throw wrong(name, String.join(" or ", values), value);
    }
  }

  /** Refuses what is left. */
  void end() {
    for (String name : object.propertyNames()) {
      if (!taken.contains(name) && !object.get(name).isNull()) {
        throw Problem.ofParameter(
            where + name,
            "unknown_parameter",
            where
                + name
                + ": expected a parameter that this server honours, got another; leave it"
                + " out");
      }
    }
  }

  Problem wrong(String name, String expected, JsonNode value) {
    String got = value.toString();
    return Problem.ofParameter(
        where + name,
        "invalid_value",
        where
            + name
            + ": expected "
            + expected
            + ", got "
            + (got.length() > 80 ? got.substring(0, 80) + "…" : got));
  }
}
