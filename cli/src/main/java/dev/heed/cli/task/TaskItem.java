package dev.heed.cli.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
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
record TaskItem(
    @Nullable String file,
    @Nullable Integer line,
    String text,
    @JsonIgnore @Nullable String error) {
  /** The text of an argument. */
  static TaskItem argument(String text) {
    return new TaskItem(null, null, text, null);
  }

  /** Whether it is from the command line, so that there is one alone. */
  @JsonIgnore
  boolean isArgument() {
    return file == null && line == null;
  }

  /** Where it comes from, for messages. */
  String place() {
    if (file != null) {
      return file;
    }
    return line == null ? "text" : "line " + line;
  }
}
