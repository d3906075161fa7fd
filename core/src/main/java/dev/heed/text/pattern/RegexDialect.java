package dev.heed.text.pattern;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Whose regular expression it is; each is translated to Java's, or refused. */
public enum RegexDialect {
  /**
   * Oniguruma's Ruby syntax, in which {@code tokenizer.json} writes: {@code ^} and {@code $} are
   * those of lines, {@code (?m)} lets the dot match line feeds, {@code \h} is a hexadecimal digit,
   * and {@code {n,m}+} repeats the repetition.
   */
  ONIGURUMA(Pattern.MULTILINE),
  /** Rust's and Python's syntax, in which tiktoken writes. */
  RUST(0);

  private static final int LONGEST = 100_000;
  private static final String REMEDY =
      "Write the expression without what only its own library has.";

  private final int flags;

  RegexDialect(int flags) {
    this.flags = flags | Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS;
  }

  /**
   * Compiles an expression. {@code \s}, {@code \d}, {@code \w} and letters' case are Unicode's.
   *
   * @param where the file and place, for messages
   * @param regex an expression in this dialect
   * @throws CheckpointException {@code UNSUPPORTED} for what Java's expressions cannot say, {@code
   *     TOO_LARGE} for one of more than a hundred thousand characters
   */
  public TextPattern compile(String where, String regex) {
    if (regex.length() > LONGEST) {
      throw new CheckpointException(
          Kind.TOO_LARGE,
          where,
          "a regular expression of at most " + LONGEST + " characters",
          regex.length() + "",
          REMEDY);
    }
    Optional<WordSplit> known = WordSplit.of(regex);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return new RegexPattern(Pattern.compile(new RegexTranslation(this, regex).java(), flags));
    } catch (PatternSyntaxException e) {
      throw refused(where, regex, e.getDescription());
    } catch (StackOverflowError e) {
      throw refused(where, regex, "nesting that is too deep");
    }
  }

  private static CheckpointException refused(String where, String regex, String got) {
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        "a regular expression that Java can match",
        Quoted.of(regex) + " with " + Quoted.of(got),
        REMEDY);
  }
}
