package dev.heed.text.pretokenizer;

/** What becomes of a match at which a text is split. */
public enum SplitBehavior {
  /** It is left out. */
  REMOVED,
  /** It is a part of its own. */
  ISOLATED,
  /** It ends the part before it. */
  MERGED_WITH_PREVIOUS,
  /** It begins the part after it. */
  MERGED_WITH_NEXT,
  /** It is one part with the matches beside it. */
  CONTIGUOUS
}
