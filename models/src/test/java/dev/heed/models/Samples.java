package dev.heed.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The samples beside the tests. */
final class Samples {
  private Samples() {}

  static List<String> lines(String file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  static byte[] bytes(String file) throws IOException {
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(file))) {
      return in.readAllBytes();
    }
  }
}
