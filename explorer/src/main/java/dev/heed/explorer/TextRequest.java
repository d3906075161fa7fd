package dev.heed.explorer;

import dev.heed.explain.AttentionMap;
import dev.heed.web.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a request says of a text: whose reading of it, and in which units. */
record TextRequest(ExploredModel model, String text, boolean pieces, RequestFields fields) {
  private static final List<String> NAMES = List.of("model", "text", "pieces");

  /**
   * Reads a body.
   *
   * @param further names that are known besides
   * @throws Problem 400 for what is not as it should be, 404 for a model that there is not
   */
  static TextRequest of(
      JsonNode json, SequencedMap<String, ExploredModel> models, Set<String> further) {
    Set<String> names = new HashSet<>(further);
    names.addAll(NAMES);
    RequestFields fields = RequestFields.of(json, names);
    return new TextRequest(
        fields.model(models), fields.text("text"), fields.flag("pieces"), fields);
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
    return fields.number(name, limit);
  }
}
