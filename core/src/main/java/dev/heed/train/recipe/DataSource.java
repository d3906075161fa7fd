package dev.heed.train.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of several files of examples that a recipe learns from.
 *
 * @param train what is learned from
 * @param valid what is scored on, or empty for nothing of this source
 * @param format how the files are read
 * @param columns names of the columns of a table without a header; empty where it has one
 * @param tag what stands before each {@code source}, without a space, such as the language that is
 *     written, {@code >>fra<<}
 */
public record DataSource(
    String train,
    @Nullable String valid,
    @Nullable Format format,
    @Nullable List<String> columns,
    @Nullable String tag) {
  /** How files are read. */
  public enum Format {
    /** Tab-separated, or JSON objects a line. */
    TABLE,
    /**
     * Stories with questions as bAbI has them (Weston et al. 2015): each question is an example
     * with {@code text} the question, {@code text2} the story so far, its latest sentence first,
     * and {@code label} the answer.
     */
    BABI,
    /**
     * Dialogues as Schema-Guided Dialogue has them: each turn of a user is an example with {@code
     * text} the turns before it and its own, and {@code label} the intent.
     */
    INTENTS
  }

  /** Absent keys have their usual values. */
  public DataSource {
    valid = valid == null ? "" : valid;
    format = format == null ? Format.TABLE : format;
    columns = columns == null ? List.of() : List.copyOf(columns);
    tag = tag == null ? "" : tag;
  }

  /** A table with a header, or JSON objects. */
  static DataSource table(String train, String valid) {
    return new DataSource(train, valid, null, null, null);
  }

  /** The examples to learn from. */
  List<ExampleFile.Row> learned() {
    return rows(train);
  }

  /** The examples to score on; none without a file. */
  List<ExampleFile.Row> held() {
    return valid == null || valid.isEmpty() ? List.of() : rows(valid);
  }

  private List<ExampleFile.Row> rows(String file) {
    ExampleFile read = new ExampleFile(Path.of(file));
    List<ExampleFile.Row> rows =
        switch (Objects.requireNonNull(format)) {
          case TABLE -> read.rows(Objects.requireNonNull(columns));
          case BABI -> BabiStories.rows(read);
          case INTENTS -> DialogueTurns.rows(read);
        };
    return tag == null || tag.isEmpty()
        ? rows
        : rows.stream().map(row -> row.with("source", tag + row.require("source"))).toList();
  }

  DataSource relativeTo(Path folder) {
    return new DataSource(
        folder.resolve(train).toString(),
        valid == null || valid.isEmpty() ? "" : folder.resolve(valid).toString(),
        format,
        columns,
        tag);
  }
}
