package dev.heed.cli.evaluate;

import dev.heed.checkpoint.StrictJson;
import dev.heed.cli.BadInputException;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The right answers to questions, from SQuAD's JSON or from one JSON object a line. */
final class SquadQuestions {
  private final String where;
  private final Map<String, List<String>> answers = new LinkedHashMap<>();

  private SquadQuestions(String where) {
    this.where = where;
  }

  /** For each question's id its answers, in the order of the file. */
  static Map<String, List<String>> read(Path file) {
    SquadQuestions questions = new SquadQuestions(ReferenceOption.NAME + " " + file);
    List<Line> lines = Lines.of(ReferenceOption.NAME, file);
    String first = lines.getFirst().text();
    // The official files begin with "version" or "data", whether on one line or many.
    if (first.contains("\"data\"") || first.contains("\"version\"") || !first.contains("\"id\"")) {
      questions.addAll(lines.stream().map(Line::text).collect(Collectors.joining("\n")));
    } else {
      lines.forEach(line -> questions.add(questions.parse(line.text())));
    }
    if (questions.answers.isEmpty()) {
      throw new BadInputException(
          questions.where
              + ": expected data with paragraphs with qas, or lines with id and answers, got none");
    }
    return questions.answers;
  }

  private JsonNode parse(String text) {
    return StrictJson.parse(where, text.getBytes(StandardCharsets.UTF_8));
  }

  private void addAll(String official) {
    for (JsonNode article : parse(official).path("data")) {
      for (JsonNode paragraph : article.path("paragraphs")) {
        paragraph.path("qas").forEach(this::add);
      }
    }
  }

  private void add(JsonNode question) {
    JsonNode id = question.path("id");
    JsonNode given = question.path("answers");
    JsonNode texts = given.isObject() ? given.path("text") : given;
    if (!id.isString() || !texts.isArray()) {
      throw new BadInputException(where + ": expected id and answers in " + question);
    }
    List<String> right = new ArrayList<>();
    for (JsonNode answer : texts) {
      JsonNode text = answer.isObject() ? answer.path("text") : answer;
      if (!text.isString()) {
        throw new BadInputException(where + ": expected texts as answers in " + question);
      }
      right.add(text.asString());
    }
    if (answers.put(id.asString(), right) != null) {
      throw new BadInputException(where + ": expected each id once, got twice " + id.asString());
    }
  }
}
