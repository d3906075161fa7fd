package dev.heed.cli.task;

import dev.heed.cli.BadInputException;
import dev.heed.cli.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Items that are files: as named, or those of a kind in a folder. */
final class FileItems {
  private FileItems() {}

  /**
   * The items, whose text is the file's name.
   *
   * @param kind what they are, for messages
   * @param endings of their names, as {@code wav|flac}
   * @throws BadInputException for a folder that cannot be read or has none
   */
  static List<TaskItem> of(List<Path> files, String kind, String endings) {
    List<Path> all = files.stream().flatMap(path -> inside(path, kind, endings)).toList();
    return all.size() == 1
        ? List.of(TaskItem.argument(all.getFirst().toString()))
        : all.stream()
            .map(file -> new TaskItem(file.toString(), null, file.toString(), null))
            .toList();
  }

  private static Stream<Path> inside(Path path, String kind, String endings) {
    if (!Files.isDirectory(path)) {
      return Stream.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      List<Path> found =
          inside
              .filter(file ->
                  file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(" + endings + ")")
                      && Files.isRegularFile(file))
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new BadInputException(
            "FILE: expected " + kind + " files in the folder, got none: " + path);
      }
      return found.stream();
    } catch (IOException e) {
      throw FileTrouble.of("FILE", path, e);
    }
  }
}
