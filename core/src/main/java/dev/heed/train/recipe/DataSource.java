package dev.heed.train.recipe;

import dev.heed.evaluate.PronounQuestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param text the column of the texts that questions are made of
 * @param questions how many of them at most about each text
 * @param times how often each example of {@code train} is seen in an epoch
 */
public record DataSource(
    String train,
    @Nullable String valid,
    @Nullable Format format,
    @Nullable List<String> columns,
    @Nullable String tag,
    @Nullable String text,
    @Nullable Integer questions,
    @Nullable Integer times) {
  /** How files are read. */
  public enum Format {
    /** Tab-separated, or JSON objects a line. */
    TABLE,
    /**
     * Stories with questions as bAbI has them (Weston et al. 2015): each question is an example
     * with {@code text} the question, {@code text2} the story so far, its latest sentence first,
     * and {@code label} the answer; {@code question} and {@code context}, the story in its own
     * order; {@code answers} and {@code answer_start} where a supporting sentence has the answer.
     */
    BABI,
    /**
     * Dialogues as Schema-Guided Dialogue has them: each turn of a user is an example with {@code
     * text} the turns before it and its own, and {@code label} the intent.
     */
    INTENTS,
    /** Plain texts, of which questions are made. */
    CLOZE,
    /**
     * Pronouns and two names each, as {@link PronounQuestion} reads them: each name is an example
     * with {@code text}, in which pronoun and name are marked, and {@code label}, yes or no.
     */
    COREFERENCE,
    /**
     * The same dialogues, each whole as one {@code text}: what the user says, what it adds to the
     * belief state, and the reply, turn by turn; see {@link Dialogue}.
     */
    DIALOGUES
  }

  /** Absent keys have their usual values. */
  public DataSource {
    valid = valid == null ? "" : valid;
    format = format == null ? Format.TABLE : format;
    columns = columns == null ? List.of() : List.copyOf(columns);
    tag = tag == null ? "" : tag;
    text = text == null ? "text" : text;
    questions = questions == null ? 1 : questions;
    times = times == null ? 1 : times;
    RecipeKeys.require(questions >= 1, "questions", "1 or more", questions);
    RecipeKeys.require(times >= 1, "times", "1 or more", times);
  }

  /** Examples that stand in files, each seen once. */
  public DataSource(
      String train,
      @Nullable String valid,
      @Nullable Format format,
      @Nullable List<String> columns,
      @Nullable String tag) {
    this(train, valid, format, columns, tag, null, null, null);
  }

  /** A table with a header, or JSON objects. */
  static DataSource table(String train, String valid) {
    return new DataSource(train, valid, null, null, null);
  }

  /** How often each example to learn from is seen. */
  int repeats() {
    return times == null ? 1 : times;
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
          case CLOZE ->
              ClozeQuestions.rows(
                  read, Objects.requireNonNull(text), Objects.requireNonNull(questions));
          case COREFERENCE -> pronouns(read);
          case DIALOGUES -> DialogueTurns.whole(read);
        };
    return tag == null || tag.isEmpty()
        ? rows
        : rows.stream().map(row -> row.with("source", tag + row.require("source"))).toList();
  }

  private static List<ExampleFile.Row> pronouns(ExampleFile file) {
    List<ExampleFile.Row> rows = new ArrayList<>();
    for (ExampleFile.Row row : file.rows(List.of())) {
      PronounQuestion question = PronounQuestion.of(row.where(), row.columns());
      for (PronounQuestion.Candidate name : question.candidates()) {
        String label = name.right() ? "yes" : "no";
        rows.add(
            new ExampleFile.Row(
                row.where(), Map.of("text", question.marked(name), "label", label)));
      }
    }
    return rows;
  }

  DataSource relativeTo(Path folder) {
    return new DataSource(
        folder.resolve(train).toString(),
        valid == null || valid.isEmpty() ? "" : folder.resolve(valid).toString(),
        format,
        columns,
        tag,
        text,
        questions,
        times);
  }
}
