package dev.heed.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Files that the user named: by themselves, or all those of a kind in a folder. */
public final class NamedFiles {
  private NamedFiles() {}

  /**
   * The files, those of a folder by name.
   *
   * @param kind what they are, for messages
   * @param endings of their names, as {@code wav|flac}
   * @throws BadInputException for a folder that cannot be read or has none
   */
  public static List<Path> of(List<Path> named, String kind, String endings) {
    return named.stream().flatMap(path -> inside(path, kind, endings)).toList();
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
