package dev.heed.text.sentencepiece;

import dev.heed.text.decoder.TokenText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Stretches between special tokens, each decoded by a SentencePiece model.
 *
 * @param decoder the model's
 * @param special the special tokens' spellings
 * @param spacing where there are further spaces
 * @param underlines how many U+2581 at most are taken from the first token before anything else
 * @param upper whether all but special tokens is written in capitals
 */
public record SentencePieceText(
    SentencePieceDecoder decoder,
    Set<String> special,
    Spacing spacing,
    int underlines,
    boolean upper)
    implements TokenText {
  /** Where a SentencePiece text has spaces around special tokens that no piece has. */
  public enum Spacing {
    /** Nowhere, and white space at the ends stays: Llama. */
    NONE,
    /** Before the stretch that a special token ends, unless it begins the text: Llama, legacy. */
    BEFORE_STRETCH_BUT_FIRST,
    /** Before the stretch that a special token ends: T5, ALBERT, CamemBERT, mBART-50. */
    BEFORE_STRETCH,
    /** Behind special tokens: Marian. */
    BEHIND,
    /** Nowhere, and none at the ends: Pegasus. */
    STRIPPED
  }

  /** Copies the set. */
  public SentencePieceText {
    special = Set.copyOf(special);
  }

  @Override
  public String text(List<String> tokens) {
    List<String> all = new ArrayList<>(tokens);
    for (int i = 0; i < underlines && all.getFirst().startsWith("\u2581"); i++) {
      all.set(0, all.getFirst().substring(1));
    }
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < all.size(); i++) {
      if (special.contains(all.get(i))) {
        boolean afterSpecial = i > 0 && i == from;
        boolean spaced =
            spacing == Spacing.BEFORE_STRETCH
                || (spacing == Spacing.BEFORE_STRETCH_BUT_FIRST && i > 0);
        text.append(spaced && !afterSpecial ? " " : "");
        text.append(decoded(all.subList(from, i))).append(all.get(i));
        text.append(spacing == Spacing.BEHIND ? " " : "");
        from = i + 1;
      }
    }
    text.append(decoded(all.subList(from, all.size())));
    boolean kept = spacing == Spacing.NONE || spacing == Spacing.BEFORE_STRETCH_BUT_FIRST;
    return kept ? text.toString() : TokenText.stripped(text.toString());
  }

  private String decoded(List<String> pieces) {
    String text = decoder.decode(pieces);
    return upper ? text.toUpperCase(Locale.ROOT) : text;
  }

  @Override
  public byte[] bytes(String token) {
    return decoder.bytes(token);
  }
}
