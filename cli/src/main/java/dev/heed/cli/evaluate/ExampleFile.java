package dev.heed.cli.evaluate;

import dev.heed.checkpoint.StrictJson;
import dev.heed.cli.BadInputException;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Examples as data sets have them: one JSON object a line, or cells with tabs between them, below a
 * header with their names or without one, when they are called 1, 2 and so on.
 */
final class ExampleFile {
  private ExampleFile() {}

  /**
   * One example.
   *
   * @param place its file and line, for messages
   * @param fields by name
   */
  record Example(String place, JsonNode fields) {
    /**
     * The text in the first of some fields that there is.
     *
     * @throws BadInputException if there is none
     */
    String text(String... names) {
      for (String name : names) {
        JsonNode value = fields.path(name);
        if (value.isValueNode() && !value.isNull() && !value.isMissingNode()) {
          return value.asString();
        }
      }
      throw lacks(names);
    }

    /** Whether there is a field. */
    boolean has(String name) {
      return fields.has(name) && !fields.path(name).isNull();
    }

    /**
     * The texts in the first of some fields that there is: a list's, or one.
     *
     * @throws BadInputException if there is none
     */
    List<String> texts(String... names) {
      for (String name : names) {
        JsonNode value = fields.path(name);
        if (value.isArray()) {
          List<String> all = new ArrayList<>();
          value.forEach(each -> all.add(each.asString()));
          return all;
        }
      }
      return List.of(text(names));
    }

    private BadInputException lacks(String... names) {
      return new BadInputException(
          place
              + ": expected a field "
              + String.join(" or ", names)
              + ", got "
              + fields.propertyNames());
    }
  }

  /**
   * Reads a file.
   *
   * @param header whether cells stand below names
   */
  static List<Example> read(Path file, boolean header) {
    List<Line> lines = Lines.of("DATA", file);
    List<Example> examples = new ArrayList<>();
    if (lines.getFirst().text().startsWith("{")) {
      for (Line line : lines) {
        JsonNode fields =
            StrictJson.parse(place(file, line), line.text().getBytes(StandardCharsets.UTF_8));
        examples.add(new Example(place(file, line), fields));
      }
      return examples;
    }
    List<String> names = header ? List.of(lines.getFirst().text().split("\t", -1)) : List.of();
    for (Line line : header ? lines.subList(1, lines.size()) : lines) {
      String[] cells = line.text().split("\t", -1);
      if (header && cells.length != names.size()) {
        throw new BadInputException(
            place(file, line)
                + ": expected "
                + names.size()
                + " cells as in the header, got "
                + cells.length);
      }
      ObjectNode fields = JsonMapper.shared().createObjectNode();
      for (int i = 0; i < cells.length; i++) {
        fields.put(header ? names.get(i) : String.valueOf(i + 1), cells[i]);
      }
      examples.add(new Example(place(file, line), fields));
    }
    return examples;
  }

  private static String place(Path file, Line line) {
    return file + ", line " + line.number();
  }
}
