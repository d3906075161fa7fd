package dev.heed.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where the recordings of mechanisms lie. */
final class GoldenFolder {
  private static final String ENDING = ".safetensors";

  private GoldenFolder() {}

  /** The folder of {@code heed.golden}, relative to where Maven was called, or the resources. */
  static Path mechanisms() {
    String named = System.getProperty("heed.golden", "");
    if (named.isEmpty()) {
      return resources();
    }
    Path folder = Path.of(System.getProperty("heed.invocation.directory", "")).resolve(named);
    if (!Files.isDirectory(folder.resolve("mechanisms"))) {
      throw new IllegalArgumentException(
          "heed.golden: expected a folder with a folder mechanisms in it, got "
              + folder.toAbsolutePath());
    }
    return folder.resolve("mechanisms");
  }

  private static Path resources() {
    URL folder = GoldenFolder.class.getResource("/golden/mechanisms");
    if (folder == null) {
      throw new IllegalStateException("the test resources have no folder golden/mechanisms");
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
    try (Stream<Path> files = Files.list(mechanisms())) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(ENDING))
          .forEach(file -> names.add(file.substring(0, file.length() - ENDING.length())));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
