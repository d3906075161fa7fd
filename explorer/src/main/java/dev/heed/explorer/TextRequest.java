package dev.heed.explorer;

import dev.heed.explain.AttentionMap;
import dev.heed.web.Problem;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a request says of a text: whose reading of it, and in which units. */
record TextRequest(ExploredModel model, String text, boolean pieces, JsonNode json) {
  private static final List<String> NAMES = List.of("model", "text", "pieces");

  /**
   * Reads a body.
   *
   * @param further names that are known besides
   * @throws Problem 400 for what is not as it should be, 404 for a model that there is not
   */
  static TextRequest of(
      JsonNode json, SequencedMap<String, ExploredModel> models, Set<String> further) {
    if (!json.isObject()) {
      throw new Problem(400, "invalid_body", "body: expected a JSON object, got another value");
    }
    for (String name : json.propertyNames()) {
      if (!NAMES.contains(name) && !further.contains(name)) {
        throw wrong(name, "no such value; see openapi.json");
      }
    }
    JsonNode text = json.path("text");
    if (!text.isString() || text.stringValue().isBlank()) {
      throw wrong("text", "a text that is not empty");
    }
    JsonNode pieces = json.path("pieces");
    if (!pieces.isMissingNode() && !pieces.isBoolean()) {
      throw wrong("pieces", "true or false");
    }
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
    return new TextRequest(model, text.stringValue(), pieces.asBoolean(false), json);
  }

  /** The model's reading. */
  Reading read() {
    return model.read(text);
  }

  AttentionMap map() {
    return read().map(pieces);
  }

  /** A number from 0 to below a limit, or null where it is not given. */
  @Nullable Integer number(String name, int limit) {
    JsonNode value = json.path(name);
    if (value.isMissingNode()) {
      return null;
    }
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
