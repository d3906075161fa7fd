package dev.heed.cli.task;

import dev.heed.cli.NamedFiles;
import java.nio.file.Path;
import java.util.List;

/** Items that are files: as named, or those of a kind in a folder. */
final class FileItems {
  private FileItems() {}

  /**
   * The items, whose text is the file's name.
   *
   * @param kind what they are, for messages
   * @param endings of their names, as {@code wav|flac}
   * @throws dev.heed.cli.BadInputException for a folder that cannot be read or has none
   */
  static List<TaskItem> of(List<Path> files, String kind, String endings) {
    List<Path> all = NamedFiles.of(files, kind, endings);
    return all.size() == 1
        ? List.of(TaskItem.argument(all.getFirst().toString()))
        : all.stream()
            .map(file -> new TaskItem(file.toString(), null, file.toString(), null))
            .toList();
  }
}
