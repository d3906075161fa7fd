package dev.heed.text;

/** An end of a sequence: where tokens are cut off or filled in. */
public enum Side {
  /** Before the first token. */
  LEFT,
  /** After the last token. */
  RIGHT
}
