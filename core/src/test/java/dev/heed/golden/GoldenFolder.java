package dev.heed.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where recordings lie. */
public final class GoldenFolder {
  private static final String ENDING = ".safetensors";

  private GoldenFolder() {}

  /**
   * The folder of one area, such as {@code gguf}: below the folder that {@code heed.golden} names
   * (relative to where Maven was called) if it is there, else among the resources.
   */
  public static Path area(String name) {
    String named = System.getProperty("heed.golden", "");
    Path folder =
        Path.of(System.getProperty("heed.invocation.directory", "")).resolve(named).resolve(name);
    return !named.isEmpty() && Files.isDirectory(folder) ? folder : resources(name);
  }

  /** What a folder holds, by name. */
  public static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of {@code heed.golden}, relative to where Maven was called, or the resources. */
  static Path mechanisms() {
    String named = System.getProperty("heed.golden", "");
    if (named.isEmpty()) {
      return resources("mechanisms");
    }
    Path folder = Path.of(System.getProperty("heed.invocation.directory", "")).resolve(named);
    if (!Files.isDirectory(folder.resolve("mechanisms"))) {
      throw new IllegalArgumentException(
          "heed.golden: expected a folder with a folder mechanisms in it, got "
              + folder.toAbsolutePath());
    }
    return folder.resolve("mechanisms");
  }

  private static Path resources(String name) {
    URL folder = GoldenFolder.class.getResource("/golden/" + name);
    if (folder == null) {
      throw new IllegalStateException("the test resources have no folder golden/" + name);
    }
    try {
      return Path.of(folder.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path file(String name) {
    Path file = mechanisms().resolve(name + ENDING);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no recording " + file);
    }
    return file;
  }

  /** The names of all recordings. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Path file : list(mechanisms())) {
      String name = file.getFileName().toString();
      if (name.endsWith(ENDING)) {
        names.add(name.substring(0, name.length() - ENDING.length()));
      }
    }
    return names;
  }
}
