package dev.heed.explorer;

import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The values of a request, each checked as it is read.
 *
 * @param json an object
 */
record RequestFields(JsonNode json) {
  /** A text to look at is short; files that are looked at may be larger. */
  private static final int LONGEST_TEXT = 1 << 20;

  /**
   * Reads a body.
   *
   * @param names that have a meaning
   * @throws Problem 400 for what is no object, and for other names
   */
  static RequestFields of(JsonNode json, Set<String> names) {
    if (!json.isObject()) {
      throw new Problem(400, "invalid_body", "body: expected a JSON object, got another value");
    }
    for (String name : json.propertyNames()) {
      if (!names.contains(name)) {
        throw wrong(name, "no such value; see openapi.json");
      }
    }
    return new RequestFields(json);
  }

  boolean has(String name) {
    return json.has(name);
  }

  /** The model that {@code model} names, or the first. */
  ExploredModel model(SequencedMap<String, ExploredModel> models) {
    JsonNode name = json.path("model");
    if (!name.isMissingNode() && !name.isString()) {
      throw wrong("model", "a model's name");
    }
    ExploredModel model =
        name.isMissingNode() ? models.firstEntry().getValue() : models.get(name.stringValue());
    if (model == null) {
      throw new Problem(
          404, "no_such_model", "model: expected one of " + models.keySet() + ", got another");
    }
    return model;
  }

  /** A text that is there and not blank. */
  String text(String name) {
    return text(name, json.path(name));
  }

  /** One to so many texts that are not blank. */
  List<String> texts(String name, int most) {
    JsonNode values = json.path(name);
    if (!values.isArray() || values.isEmpty() || values.size() > most) {
      throw wrong(name, "a list of 1 to " + most + " texts");
    }
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(text(name, value)));
    return texts;
  }

  private static String text(String name, JsonNode text) {
    if (!text.isString() || text.stringValue().isBlank()) {
      throw wrong(name, "a text that is not empty");
    }
    if (text.stringValue().length() > LONGEST_TEXT) {
      throw new Problem(
          413,
          "text_too_long",
          name + ": expected at most " + LONGEST_TEXT + " characters, got more");
    }
    return text.stringValue();
  }

  /** False where it is not given. */
  boolean flag(String name) {
    JsonNode flag = json.path(name);
    if (!flag.isMissingNode() && !flag.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return flag.asBoolean(false);
  }

  /** A number from 0 to below a limit, or null where it is not given. */
  @Nullable Integer number(String name, int limit) {
    JsonNode value = json.path(name);
    return value.isMissingNode() ? null : number(name, value, limit);
  }

  /** A number from 0 to below a limit, which must be given. */
  int required(String name, int limit) {
    return number(name, json.path(name), limit);
  }

  /** One to so many numbers from 0 to below a limit. */
  long[] numbers(String name, int most, int limit) {
    JsonNode values = json.path(name);
    if (!values.isArray() || values.isEmpty() || values.size() > most) {
      throw wrong(name, "a list of 1 to " + most + " numbers");
    }
    long[] numbers = new long[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(name, values.get(i), limit);
    }
    return numbers;
  }

  /** So many objects of these names at most; none where they are not given. */
  List<RequestFields> objects(String name, int most, Set<String> names) {
    JsonNode values = json.path(name);
    if (values.isMissingNode()) {
      return List.of();
    }
    if (!values.isArray() || values.size() > most) {
      throw wrong(name, "a list of at most " + most + " objects");
    }
    List<RequestFields> objects = new ArrayList<>();
    values.forEach(value -> objects.add(of(value, names)));
    return objects;
  }

  private static int number(String name, JsonNode value, int limit) {
    if (!value.isInt() || value.intValue() < 0 || value.intValue() >= limit) {
      throw wrong(name, "a whole number from 0 to " + (limit - 1));
    }
    return value.intValue();
  }

  static Problem wrong(String name, String expected) {
    return Problem.ofParameter(
        name, "invalid_value", name + ": expected " + expected + ", got another value");
  }
}
