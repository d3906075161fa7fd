package dev.heed.train.recipe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of examples in UTF-8, plain or {@code .gz}: lines of text, tab-separated columns under a
 * header ({@code .tsv}, or with commas {@code .csv}), or one JSON object a line ({@code .jsonl}).
 *
 * @param path the file
 */
record ExampleFile(Path path) {
  /**
   * One example of named columns.
   *
   * @param where file and line, for messages
   * @param columns by name
   */
  record Row(String where, Map<String, String> columns) {
    /**
     * The text of a column.
     *
     * @throws IllegalArgumentException if there is none
     */
    String require(String column) {
      String value = columns.get(column);
      if (value == null) {
        throw new IllegalArgumentException(
            where + ": expected a column " + column + ", got " + columns.keySet());
      }
      return value;
    }

    /**
     * The same with columns under other names too.
     *
     * @param names what the file calls a column, by what it is called here
     */
    Row named(Map<String, String> names) {
      Row named = this;
      for (Map.Entry<String, String> name : names.entrySet()) {
        named = named.with(name.getKey(), require(name.getValue()));
      }
      return named;
    }

    /** The same with another text in a column. */
    Row with(String column, String text) {
      Map<String, String> changed = new LinkedHashMap<>(columns);
      changed.put(column, text);
      return new Row(where, changed);
    }
  }

  /** All lines, without their ends. */
  List<String> lines() {
    try (InputStream raw = Files.newInputStream(path);
        InputStream plain = name().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    plain,
                    StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))) {
      List<String> lines = new ArrayList<>(reader.readAllLines());
      if (!lines.isEmpty() && lines.getFirst().startsWith("\uFEFF")) {
        lines.set(0, lines.getFirst().substring(1));
      }
      return lines;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(path + ": expected UTF-8, got other bytes", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name() {
    return String.valueOf(path.getFileName());
  }

  private boolean isJson() {
    return name().matches(".*\\.jsonl(\\.gz)?");
  }

  /** All examples of columns that the file itself names; see {@link #rows(List)}. */
  List<Row> rows() {
    return rows(List.of());
  }

  /**
   * All examples, their columns under other names too.
   *
   * @param names what the file calls a column, by what it is called here
   */
  List<Row> rows(Map<String, String> names) {
    return rows().stream().map(row -> row.named(names)).toList();
  }

  /**
   * All examples of named columns; blank lines are left out.
   *
   * @param names of the columns of a table without a header; empty for one with a header
   * @throws IllegalArgumentException for a line that is not as the others or the header, by number
   */
  List<Row> rows(List<String> names) {
    List<String> lines = lines();
    List<Row> rows = new ArrayList<>();
    boolean headed = !isJson() && names.isEmpty();
    List<String> header =
        headed && !lines.isEmpty() ? columns(path + ", line 1", lines.getFirst()) : names;
    for (int i = headed ? 1 : 0; i < lines.size(); i++) {
      String where = path + ", line " + (i + 1);
      if (!lines.get(i).isBlank()) {
        rows.add(isJson() ? json(where, lines.get(i)) : tabs(where, header, lines.get(i)));
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(path + ": expected examples, got none");
    }
    return rows;
  }

  private List<String> columns(String where, String line) {
    if (!name().matches(".*\\.csv(\\.gz)?")) {
      return List.of(line.split("\t", -1));
    }
    if (line.indexOf('"') >= 0) {
      throw new IllegalArgumentException(
          where + ": expected columns without quotes, got some; write them as .tsv or .jsonl");
    }
    return List.of(line.split(",", -1));
  }

  private Row tabs(String where, List<String> header, String line) {
    List<String> values = columns(where, line);
    if (values.size() != header.size()) {
      throw new IllegalArgumentException(
          where + ": expected the columns " + header + ", got " + values.size() + " of them");
    }
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      columns.put(header.get(i), values.get(i));
    }
    return new Row(where, columns);
  }

  private static Row json(String where, String line) {
    JsonNode object;
    try {
      object = JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(where + ": expected JSON, got something else", e);
    }
    if (!object.isObject()) {
      throw new IllegalArgumentException(
          where + ": expected an object, got " + object.getNodeType());
    }
    Map<String, String> columns = new LinkedHashMap<>();
    object
        .properties()
        .forEach(entry -> {
          JsonNode value = entry.getValue();
          columns.put(entry.getKey(), value.isString() ? value.stringValue() : value.toString());
        });
    return new Row(where, columns);
  }
}
