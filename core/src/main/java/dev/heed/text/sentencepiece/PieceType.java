package dev.heed.text.sentencepiece;

/** What a piece of a SentencePiece model is, in the order of the format's numbers from 1. */
public enum PieceType {
  /** A piece of text. */
  NORMAL,
  /** Stands for what is no piece. */
  UNKNOWN,
  /** Never found in a text, such as {@code <s>}. */
  CONTROL,
  /** Found in a text before anything else. */
  USER_DEFINED,
  /** Not used. */
  UNUSED,
  /** One byte of what is no piece. */
  BYTE
}
