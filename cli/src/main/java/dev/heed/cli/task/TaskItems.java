package dev.heed.cli.task;

import dev.heed.cli.BadInputException;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.GivenText;
import dev.heed.cli.Lines;
import dev.heed.cli.UsageException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a task's texts come from besides an argument: a mixin of {@code --file}. */
public final class TaskItems {
  private static final String FILE = "--file";

  @Option(
      names = FILE,
      paramLabel = "PATH",
      description = {
        "A file of one text a line, a folder of files that are a text each, or - for standard"
            + " input."
      })
  private @Nullable Path file;

  @Option(names = "--whole", description = "The file is one text, not one a line.")
  private boolean whole;

  /** Whether a file is given. */
  public boolean given() {
    return file != null;
  }

  /**
   * The items.
   *
   * @param name of the argument, for messages
   * @param argument a text, {@code -} for standard input, or null for none
   * @throws UsageException for a text and a file
   * @throws BadInputException for a file that cannot be read; a file within a folder that cannot be
   *     is an item with an error
   */
  public List<TaskItem> read(String name, @Nullable String argument) {
    if (argument != null && file != null) {
      throw new UsageException(name + " and --file exclude each other: give one of them");
    }
    if (argument != null && !argument.equals(Lines.STANDARD_INPUT)) {
      return List.of(TaskItem.argument(GivenText.filled(name, argument)));
    }
    if (file != null && Files.isDirectory(file)) {
      return folder(file);
    }
    if (whole) {
      return List.of(whole());
    }
    return Lines.of(FILE, file).stream()
        .map(line -> new TaskItem(null, line.number(), line.text(), null))
        .toList();
  }

  private TaskItem whole() {
    StringBuilder text = new StringBuilder();
    Lines.all(FILE, file).forEach(line -> text.append(line.text()).append('\n'));
    if (text.toString().isBlank()) {
      throw new BadInputException(FILE + ": expected a text, got an empty one");
    }
    return new TaskItem(file == null ? null : file.toString(), null, text.toString(), null);
  }

  private static List<TaskItem> folder(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<TaskItem> items =
          files
              .filter(path -> Files.isRegularFile(path) && !isHidden(path))
              .sorted()
              .map(TaskItems::document)
              .toList();
      if (items.isEmpty()) {
        throw new BadInputException(FILE + ": expected files in the folder, got none: " + folder);
      }
      return items;
    } catch (IOException e) {
      throw FileTrouble.of(FILE, folder, e);
    }
  }

  private static boolean isHidden(Path file) {
    return String.valueOf(file.getFileName()).startsWith(".");
  }

  private static TaskItem document(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      String text = Files.readString(file);
      return text.isBlank()
          ? new TaskItem(name, null, "", "expected a text, got an empty file")
          : new TaskItem(name, null, text, null);
    } catch (CharacterCodingException e) {
      return new TaskItem(name, null, "", "expected text in UTF-8, got other bytes");
    } catch (IOException e) {
      return new TaskItem(
          name, null, "", String.valueOf(FileTrouble.of(null, name, e).getMessage()));
    }
  }
}
