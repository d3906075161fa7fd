package dev.heed.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
public final class HeedVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"heed " + current()};
  }

  /** This build's version; {@code "development"} when it runs from classes without a jar. */
  public static String current() {
    return Start.version();
  }
}
