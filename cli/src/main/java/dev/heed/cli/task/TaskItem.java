package dev.heed.cli.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One thing to work on, and where it comes from.
 *
 * @param file its name, where it comes from a folder or is a whole file; else null
 * @param line its number in the file, from 1; null for an argument or a whole file
 * @param text what is read; empty where there is an error
 * @param error why it could not be read, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskItem(
    @Nullable String file,
    @Nullable Integer line,
    String text,
    @JsonIgnore @Nullable String error) {
  /** The text of an argument. */
  public static TaskItem argument(String text) {
    return new TaskItem(null, null, text, null);
  }

  /** Texts that have a number each, from 1. */
  static List<TaskItem> numbered(List<String> texts) {
    return IntStream.range(0, texts.size())
        .mapToObj(i -> new TaskItem(null, i + 1, texts.get(i), null))
        .toList();
  }

  /** Whether it is from the command line, so that there is one alone. */
  @JsonIgnore
  public boolean isArgument() {
    return file == null && line == null;
  }

  /** Where it comes from, for messages. */
  public String place() {
    if (file != null) {
      return file;
    }
    return line == null ? "text" : "line " + line;
  }
}
