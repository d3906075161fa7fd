package dev.heed.train.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a user means by each turn, in the dialogues of Schema-Guided Dialogue (Rastogi et al. 2020):
 * a JSON object a line with {@code turns} of {@code speaker}, {@code text} and, for a user, {@code
 * intent}.
 */
final class DialogueTurns {
  /** How many turns before a user's are read with it. */
  private static final int BEFORE = 2;

  private DialogueTurns() {}

  /**
   * A turn of a user and the two before it, each behind its speaker's name, the latest first, so
   * that what is cut is old.
   *
   * @throws IllegalArgumentException for a line of another form, by number
   */
  static List<ExampleFile.Row> rows(ExampleFile file) {
    List<ExampleFile.Row> rows = new ArrayList<>();
    each(file, (where, turns) -> add(where, turns, rows));
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(file.path() + ": expected turns of users, got none");
    }
    return rows;
  }

  /** The whole dialogues, each as {@code text}. */
  static List<ExampleFile.Row> whole(ExampleFile file) {
    List<ExampleFile.Row> rows = new ArrayList<>();
    each(
        file,
        (where, turns) ->
            rows.add(new ExampleFile.Row(where, Map.of("text", Dialogue.of(turns).text()))));
    return rows;
  }

  /** Hands each dialogue's place and its {@code turns} over. */
  static void each(ExampleFile file, BiConsumer<String, JsonNode> to) {
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        String where = file.path() + ", line " + (i + 1);
        to.accept(where, turns(where, lines.get(i)));
      }
    }
  }

  private static JsonNode turns(String where, String line) {
    JsonNode turns;
    try {
      turns = JsonMapper.shared().readTree(line).path("turns");
    } catch (JacksonException e) {
      throw new IllegalArgumentException(where + ": expected JSON, got something else", e);
    }
    if (!turns.isArray()) {
      throw new IllegalArgumentException(where + ": expected a list turns, got none");
    }
    return turns;
  }

  private static void add(String where, JsonNode turns, List<ExampleFile.Row> rows) {
    List<String> said = new ArrayList<>();
    for (JsonNode turn : turns) {
      String speaker = turn.path("speaker").asString("").toLowerCase(java.util.Locale.ROOT);
      said.addFirst(speaker + ": " + turn.path("text").asString(""));
      if (turn.path("intent").isString()) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("text", String.join(" ", said.subList(0, Math.min(said.size(), BEFORE + 1))));
        columns.put("label", turn.path("intent").stringValue());
        rows.add(new ExampleFile.Row(where, columns));
      }
    }
  }
}
