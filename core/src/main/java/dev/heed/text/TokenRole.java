package dev.heed.text;

/** What a special token is for. */
public enum TokenRole {
  /** Begins a text. */
  BOS,
  /** Ends a text. */
  EOS,
  /** Stands for what the vocabulary cannot express. */
  UNK,
  /** Separates texts. */
  SEP,
  /** Fills up a batch. */
  PAD,
  /** Stands for the whole text, for classifiers. */
  CLS,
  /** Stands for a word to be guessed. */
  MASK;

  /** The key in a tokenizer_config.json, for example {@code bos_token}. */
  public String key() {
    return switch (this) {
      case BOS -> "bos_token";
      case EOS -> "eos_token";
      case UNK -> "unk_token";
      case SEP -> "sep_token";
      case PAD -> "pad_token";
      case CLS -> "cls_token";
      case MASK -> "mask_token";
    };
  }
}
