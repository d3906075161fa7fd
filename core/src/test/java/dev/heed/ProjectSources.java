package dev.heed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Java files of every module: tests run in a module's directory, beside its siblings. */
final class ProjectSources {
  private ProjectSources() {}

  /** All, tests too. */
  static List<Path> all() throws IOException {
    return under("src");
  }

  /** Those that users run. */
  static List<Path> main() throws IOException {
    return under("src/main");
  }

  private static List<Path> under(String folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
      for (Path module : modules.filter(m -> Files.isDirectory(m.resolve(folder))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve(folder))) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
        }
      }
    }
    return found;
  }
}
