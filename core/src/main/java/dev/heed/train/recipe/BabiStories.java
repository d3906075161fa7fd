package dev.heed.train.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions about stories, in the files of bAbI (Weston et al. 2015): lines of a number and a
 * sentence, where 1 begins a story; a line with tabs is a question, its answer and the lines that
 * say it.
 */
final class BabiStories {
  private BabiStories() {}

  /**
   * Each question with the story before it, the latest sentence first, so that what is cut is old;
   * without the questions in between.
   *
   * @throws IllegalArgumentException for a line of another form, by number
   */
  static List<ExampleFile.Row> rows(ExampleFile file) {
    List<ExampleFile.Row> rows = new ArrayList<>();
    List<String> story = new ArrayList<>();
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
      if (line.substring(0, space).equals("1")) {
        story.clear();
      }
      String[] parts = line.substring(space + 1).split("\t", -1);
      if (parts.length == 1) {
        story.addFirst(parts[0].strip());
        continue;
      }
      Map<String, String> columns = new LinkedHashMap<>();
      columns.put("text", parts[0].strip());
      columns.put("text2", String.join(" ", story));
      columns.put("label", parts[1].strip());
      rows.add(new ExampleFile.Row(where, columns));
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(file.path() + ": expected questions, got none");
    }
    return rows;
  }
}
