package dev.heed.checkpoint;

import java.io.Serial;

/**
 * Says that a file could not be read as a checkpoint, a config or a tokenizer: what was expected
 * there, what was found, and what to do about it.
 *
 * <p>{@link Kind} is a closed set, so that callers can tell a missing file from a hostile one
 * without reading the message.
 */
public final class CheckpointException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** What is wrong with the file. */
  public enum Kind {
    /** The file, or the tensor asked for, is not there. */
    NOT_FOUND,
    /** The operating system refused to read or write. */
    IO,
    /** The file ends before what it declares. */
    TRUNCATED,
    /** A size, a count or a depth is above its limit. */
    TOO_LARGE,
    /** The bytes do not follow the format's grammar. */
    MALFORMED,
    /** One name stands twice. */
    DUPLICATE,
    /** The format does not know this element type. */
    UNKNOWN_TYPE,
    /** The file is valid but uses what Heed does not read. */
    UNSUPPORTED,
    /** Shape × element size overflows or differs from the bytes given. */
    SHAPE,
    /** The tensors' byte ranges leave holes, overlap, or do not cover the file. */
    LAYOUT,
    /** The file tries to run code or to leave its folder. */
    UNSAFE,
    /** A value has the wrong type or lies outside its range. */
    VALUE
  }

  private final Kind kind;

  /**
   * Creates the error from the parts of its message.
   *
   * @param kind what is wrong
   * @param where the file, and the place inside it if known
   * @param expected what a valid file has there
   * @param got what was found; foreign text must come through {@link Quoted}
   * @param remedy what the user can do
   */
  public CheckpointException(Kind kind, String where, String expected, String got, String remedy) {
    super(where + ": expected " + expected + ", got " + got + ". " + remedy);
    this.kind = kind;
  }

  /**
   * Creates the error from the parts of its message and what caused it.
   *
   * @param kind what is wrong
   * @param where the file, and the place inside it if known
   * @param expected what a valid file has there
   * @param got what was found; foreign text must come through {@link Quoted}
   * @param remedy what the user can do
   * @param cause the lower error
   */
  public CheckpointException(
      Kind kind, String where, String expected, String got, String remedy, Throwable cause) {
    this(kind, where, expected, got, remedy);
    initCause(cause);
  }

  /** Returns what is wrong with the file. */
  public Kind kind() {
    return kind;
  }
}
