package dev.heed.text.pipeline;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.subword.PieceTrie;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The added tokens of a tokenizer, and where a text has them: at the leftmost place the longest.
 */
public final class AddedTokens {
  /** None. */
  public static final AddedTokens NONE = new AddedTokens(List.of(), null);

  private final List<AddedToken> tokens;
  private final @Nullable Normalizer normalizer;
  private final Map<String, AddedToken> byContent = new LinkedHashMap<>();
  private final Map<Integer, AddedToken> byId = new HashMap<>();
  private final PieceTrie written = new PieceTrie();
  private final PieceTrie normalized = new PieceTrie();
  private boolean anyWritten;
  private boolean anyNormalized;

  /**
   * Added tokens.
   *
   * @param tokens special ones go before others of equal spelling, else the first one counts
   * @param normalizer what the normalised ones are looked for through, or null
   */
  public AddedTokens(List<AddedToken> tokens, @Nullable Normalizer normalizer) {
    this(tokens, normalizer, true);
  }

  private AddedTokens(
      List<AddedToken> tokens, @Nullable Normalizer normalizer, boolean findsSpecial) {
    this.tokens = List.copyOf(tokens);
    this.normalizer = normalizer;
    for (int i = 0; i < tokens.size(); i++) {
      byContent.put(tokens.get(i).content(), tokens.get(i));
      byId.put(tokens.get(i).id(), tokens.get(i));
    }
    for (boolean special : findsSpecial ? new boolean[] {false, true} : new boolean[] {false}) {
      for (int i = tokens.size() - 1; i >= 0; i--) {
        if (tokens.get(i).special() == special) {
          enter(i);
        }
      }
    }
  }

  // Later entries replace earlier ones of the same spelling.
  private void enter(int index) {
    AddedToken token = tokens.get(index);
    String content = token.content();
    if (token.normalized() && normalizer != null) {
      content = normalizer.normalize(AlignedText.of(content)).text();
    }
    if (content.isEmpty()) {
      return;
    }
    if (token.normalized()) {
      normalized.put(content, index);
      anyNormalized = true;
    } else {
      written.put(content, index);
      anyWritten = true;
    }
  }

  /** The same tokens, but the special ones are not found in texts. */
  AddedTokens literal() {
    return new AddedTokens(tokens, normalizer, false);
  }

  /** All of them, in their order. */
  public List<AddedToken> tokens() {
    return tokens;
  }

  /** The one with a spelling, or null. */
  public @Nullable AddedToken byContent(String content) {
    return byContent.get(content);
  }

  /** The one with a number, or null. */
  public @Nullable AddedToken byId(int id) {
    return byId.get(id);
  }

  /** Cuts a text at those that are looked for as written. */
  void cutWritten(AlignedText text, ObjIntConsumer<AlignedText> found, Consumer<AlignedText> rest) {
    cut(text, anyWritten ? written : null, found, rest);
  }

  /** Cuts a normalised text at those that are looked for there. */
  void cutNormalized(
      AlignedText text, ObjIntConsumer<AlignedText> found, Consumer<AlignedText> rest) {
    cut(text, anyNormalized ? normalized : null, found, rest);
  }

  private void cut(
      AlignedText aligned,
      @Nullable PieceTrie trie,
      ObjIntConsumer<AlignedText> found,
      Consumer<AlignedText> rest) {
    String text = aligned.text();
    int done = 0;
    for (int at = 0; trie != null && at < text.length(); ) {
      int length = trie.longest(text, at);
      if (length == 0) {
        at++;
        continue;
      }
      AddedToken token = tokens.get(value(trie, text, at, length));
      int start = at;
      int stop = at + length;
      at = stop;
      if (token.singleWord() && touchesWord(text, start, stop)) {
        continue;
      }
      if (token.leftStrip()) {
        while (start > done && CodePoints.isWhiteSpace(text.charAt(start - 1))) {
          start--;
        }
        start = Math.max(start, done);
      }
      while (token.rightStrip()
          && stop < text.length()
          && CodePoints.isWhiteSpace(text.charAt(stop))) {
        stop++;
      }
      if (done < start) {
        rest.accept(aligned.slice(done, start));
      }
      found.accept(aligned.slice(start, stop), token.id());
      done = stop;
    }
    if (done < text.length()) {
      rest.accept(aligned.slice(done, text.length()));
    }
  }

  private static int value(PieceTrie trie, String text, int from, int length) {
    int node = PieceTrie.ROOT;
    for (int i = from; i < from + length; i++) {
      node = trie.child(node, text.charAt(i));
    }
    return trie.value(node);
  }

  private static boolean touchesWord(String text, int start, int stop) {
    return (start > 0 && CodePoints.isWord(text.codePointBefore(start)))
        || (stop < text.length() && CodePoints.isWord(text.codePointAt(stop)));
  }
}
