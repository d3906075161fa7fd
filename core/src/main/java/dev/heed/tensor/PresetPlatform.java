package dev.heed.tensor;

import java.util.Locale;

/**
 * A platform as JavaCPP's presets name it, told without loading them.
 *
 * @param directory in which a preset's jar holds the native libraries, for example {@code
 *     linux-x86_64}, with the extension of another build behind it, for example {@code -gpu}
 */
record PresetPlatform(String directory) {
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
  private static final String PLATFORM = "org.bytedeco.javacpp.platform";

  /** This process's; what JavaCPP is told by its own properties counts first. */
  static PresetPlatform here() {
    String told = System.getProperty(PLATFORM);
    return told != null
        ? new PresetPlatform(told + System.getProperty(EXTENSION, ""))
        : of(
            System.getProperty("os.name", ""),
            System.getProperty("os.arch", ""),
            System.getProperty(EXTENSION, ""));
  }

  /**
   * By the JVM's names.
   *
   * @param system {@code os.name}
   * @param processor {@code os.arch}
   * @param extension of the build; empty for the usual one
   */
  static PresetPlatform of(String system, String processor, String extension) {
    String name = system.toLowerCase(Locale.ROOT);
    String kind =
        name.startsWith("mac")
            ? "macosx"
            : name.startsWith("windows") ? "windows" : name.replace(' ', '_');
    String type =
        switch (processor.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "x86-64", "x64" -> "x86_64";
          case "aarch64", "arm64", "armv8" -> "arm64";
          default -> processor.toLowerCase(Locale.ROOT);
        };
    return new PresetPlatform(kind + '-' + type + extension);
  }

  /** A native library's file name. */
  String library(String name) {
    if (directory.startsWith("windows")) {
      return name + ".dll";
    }
    return "lib" + name + (directory.startsWith("macosx") ? ".dylib" : ".so");
  }
}
