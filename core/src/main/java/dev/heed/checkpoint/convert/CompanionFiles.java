package dev.heed.checkpoint.convert;

import dev.heed.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies what stands beside a model's weights: tokenizer, settings of generation and of front ends,
 * and the folders of sentence-transformers' modules.
 */
public final class CompanionFiles {
  private static final long LARGEST = 256L << 20;
  private static final String NAMES =
      ".*\\.(json|txt|model|jinja|tiktoken|spm|bpe|bin\\.vocab)|LICENSE.*|README.*";
  private static final String WEIGHTS = ".*\\.index\\.json|config\\.json";
  private static final String MODULE = "[0-9]+_[A-Za-z0-9]+";

  private CompanionFiles() {}

  /**
   * Copies from folder to folder.
   *
   * @throws IOException if a file cannot be read or written
   */
  public static void copy(Path from, Path to) throws IOException {
    for (Path file : list(from)) {
      String name = file.getFileName().toString();
      if (Files.isDirectory(file)) {
        if (name.matches(MODULE)) {
          copyAll(file, Files.createDirectories(to.resolve(name)));
        }
      } else if (name.matches(NAMES) && !name.matches(WEIGHTS) && Files.size(file) <= LARGEST) {
        WholeFile.copy(file, to.resolve(name));
      }
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    for (Path file : list(from)) {
      if (Files.isRegularFile(file)) {
        WholeFile.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
