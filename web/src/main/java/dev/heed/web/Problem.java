package dev.heed.web;

import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused, told to the client. Its message holds nothing of the machine: no path,
 * no address, no trace.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int FIRST_ERROR = 400;
  private static final int LAST_ERROR = 599;

  private final int status;
  private final String code;
  private final @Nullable String parameter;
  private final int retryAfter;

  private Problem(
      int status, String code, @Nullable String parameter, int retryAfter, String detail) {
    super(detail);
    if (status < FIRST_ERROR || status > LAST_ERROR) {
      throw new IllegalArgumentException("problem: expected status 400 to 599, got " + status);
    }
    this.status = status;
    this.code = code;
    this.parameter = parameter;
    this.retryAfter = retryAfter;
  }

  /**
   * A problem.
   *
   * @param status of HTTP, 400 to 599
   * @param code a short name in snake case
   * @param detail expected, got, remedy
   */
  public Problem(int status, String code, String detail) {
    this(status, code, null, 0, detail);
  }

  /** A value of the request that is wrong: 400. */
  public static Problem ofParameter(String parameter, String code, String detail) {
    return new Problem(FIRST_ERROR, code, parameter, 0, detail);
  }

  /**
   * There is no room now.
   *
   * @param status 429 or 503
   * @param seconds after which it is worth another try
   */
  public static Problem later(int status, int seconds, String code, String detail) {
    return new Problem(status, code, null, seconds, detail);
  }

  /** Of HTTP. */
  public int status() {
    return status;
  }

  /** A short name in snake case. */
  public String code() {
    return code;
  }

  /** The value that is wrong, by name, or null. */
  public @Nullable String parameter() {
    return parameter;
  }

  /** Seconds after which it is worth another try; 0 where that is not known. */
  public int retryAfter() {
    return retryAfter;
  }

  /** What is wrong, for people. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
