package dev.heed.cli;

/** What the exit codes of every command mean. */
public final class ExitStatus {
  /** It worked. */
  public static final int OK = 0;

  /** It ran, and a check that it makes did not hold. */
  public static final int CHECK_FAILED = 1;

  /** The command line was wrong. */
  public static final int USAGE = 2;

  /** A file or text given to it could not be used. */
  public static final int BAD_INPUT = 3;

  /** A defect of Heed. */
  public static final int INTERNAL = 4;

  private ExitStatus() {}
}
