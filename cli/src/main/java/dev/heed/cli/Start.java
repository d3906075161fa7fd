package dev.heed.cli;

import java.io.PrintWriter;

/**
 * Where {@code ./heed} begins: answers at once what needs no parser of command lines, whose classes
 * take longer to load than the JVM itself.
 */
public final class Start {
  private Start() {}

  /** Prints the version if that is all that is asked for; else runs {@link Heed}. */
  public static void main(String[] arguments) {
    if (arguments.length == 1
        && (arguments[0].equals("--version") || arguments[0].equals("-V"))
        && printed("heed " + version())) {
      return;
    }
    Heed.main(arguments);
  }

  /** This build's version; {@code "development"} when it runs from classes without a jar. */
  static String version() {
    String version = Start.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Whether it could be written; where not, {@link Heed} says why. */
  private static boolean printed(String line) {
    try {
      PrintWriter out = new PrintWriter(new StandardOutput()); // stays open for what Heed says
      out.println(line);
      out.flush();
      return true;
    } catch (StandardOutput.Failure e) {
      return false;
    }
  }
}
