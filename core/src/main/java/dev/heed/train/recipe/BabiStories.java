package dev.heed.train.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * Questions about stories, in the files of bAbI (Weston et al. 2015): lines of a number and a
 * sentence, where 1 begins a story; a line with tabs is a question, its answer and the lines that
 * say it.
 */
final class BabiStories {
  /** The sentences of a story so far, by their numbers, and where each begins in its text. */
  private static final class Story {
    private final StringBuilder text = new StringBuilder();
    private final List<String> sentences = new ArrayList<>();
    private final Map<String, Integer> starts = new LinkedHashMap<>();

    void add(String number, String sentence) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      starts.put(number, text.length());
      sentences.addFirst(sentence);
      text.append(sentence);
    }

    /** Where an answer stands in the latest of the sentences that say it, if it does. */
    OptionalInt start(String answer, List<String> numbers) {
      Matcher word =
          Pattern.compile("\\b" + Pattern.quote(answer) + "\\b", Pattern.CASE_INSENSITIVE)
              .matcher(text);
      OptionalInt latest = OptionalInt.empty();
      for (String number : numbers) {
        Integer from = starts.get(number);
        if (from != null && word.region(from, end(from)).find()) {
          latest = OptionalInt.of(Math.max(word.start(), latest.orElse(0)));
        }
      }
      return latest;
    }

    private int end(int from) {
      return starts.values().stream().filter(next -> next > from).findFirst().orElse(text.length());
    }
  }

  private BabiStories() {}

  /**
   * Each question with the story before it, without the questions in between, in two forms: {@code
   * text}, {@code text2} and {@code label}, the latest sentence first, so that what is cut is old;
   * and {@code question} and {@code context}, in the story's own order, with {@code answers} and
   * {@code answer_start} where a sentence that says the answer has it word by word.
   *
   * @throws IllegalArgumentException for a line of another form, by number
   */
  static List<ExampleFile.Row> rows(ExampleFile file) {
    List<ExampleFile.Row> rows = new ArrayList<>();
    Story story = new Story();
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank()) {
        continue;
      }
      String where = file.path() + ", line " + (i + 1);
      int space = line.indexOf(' ');
      if (space < 1 || !line.substring(0, space).matches("[0-9]+")) {
        throw new IllegalArgumentException(
            where + ": expected a number and a sentence, got " + line);
      }
      String number = line.substring(0, space);
      if (number.equals("1")) {
        story = new Story();
      }
      String[] parts = line.substring(space + 1).split("\t", -1);
      if (parts.length == 1) {
        story.add(number, parts[0].strip());
      } else {
        rows.add(new ExampleFile.Row(where, columns(story, parts)));
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(file.path() + ": expected questions, got none");
    }
    return rows;
  }

  private static Map<String, String> columns(Story story, String[] parts) {
    Map<String, String> columns = new LinkedHashMap<>();
    String answer = parts[1].strip();
    columns.put("text", parts[0].strip());
    columns.put("text2", String.join(" ", story.sentences));
    columns.put("label", answer);
    columns.put("question", parts[0].strip());
    columns.put("context", story.text.toString());
    List<String> said = parts.length < 3 ? List.of() : Arrays.asList(parts[2].strip().split(" "));
    story
        .start(answer, said)
        .ifPresent(start -> {
          String written = story.text.substring(start, start + answer.length());
          columns.put("answers", JsonMapper.shared().writeValueAsString(List.of(written)));
          columns.put("answer_start", String.valueOf(start));
        });
    return columns;
  }
}
