package dev.heed.text.train;

import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.normalizer.BertNormalizer;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.Prepend;
import dev.heed.text.pretokenizer.ByteLevel;
import dev.heed.text.pretokenizer.Metaspace;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a tokenizer is learned from texts; the same texts in any order give the same tokenizer.
 *
 * @param kind which kind
 * @param size how many tokens there are to be, special ones included
 * @param least how often a pair must stand in the texts to become a token of {@link
 *     Kind#BYTE_PAIRS} or {@link Kind#WORD_PIECES}
 * @param characters how many of the most frequent characters have a token of {@link
 *     Kind#WORD_PIECES}
 * @param lowercase whether {@link Kind#WORD_PIECES} make letters small and leave out accents
 * @param named special tokens beyond the kind's own, such as {@code >>fra<<}; their numbers follow
 *     those
 */
public record TokenizerTraining(
    Kind kind, int size, long least, int characters, boolean lowercase, List<String> named) {
  private static final int USUAL_CHARACTERS = 1000;
  private static final int BYTES = 256;
  private static final String SPACE = "\u2581";

  /** Characters with which a text may spell the token of a byte, and yet mean itself. */
  private static final String BYTE_SPELLING = "<0x123456789ABCDEF>";

  /** Worse than any cut into these characters. */
  private static final double UNREACHED = -1000;

  /** The kinds of tokenizers, with the special tokens that each has. */
  public enum Kind {
    /** Byte pairs over bytes, as GPT-2's: any text comes back as it was. */
    BYTE_PAIRS("<|endoftext|>"),
    /** WordPiece, as BERT's: words apart, white space forgotten. */
    WORD_PIECES("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    /**
     * Unigram, as T5's, with bytes for characters that are no token: any text comes back as it was,
     * but for U+2581, which stands for a space.
     */
    UNIGRAM("<pad>", "</s>", "<unk>");

    private final List<String> special;

    Kind(String... special) {
      this.special = List.of(special);
    }

    /** The special tokens, whose numbers are the first. */
    public List<String> special() {
      return special;
    }
  }

  /** Checks the ranges. */
  public TokenizerTraining {
    if (size < 1 || least < 1 || characters < 1) {
      throw new IllegalArgumentException(
          "tokenizer: expected a size, a least count and characters from 1, got "
              + size
              + ", "
              + least
              + " and "
              + characters);
    }
    named = List.copyOf(named);
    Set<String> all = new HashSet<>(kind.special());
    for (String token : named) {
      if (token.isBlank() || !all.add(token)) {
        throw new IllegalArgumentException(
            "special tokens: expected names, each once and none of "
                + kind.special()
                + ", got \""
                + token
                + "\"");
      }
    }
  }

  /** With no special tokens beyond the kind's own. */
  public TokenizerTraining(Kind kind, int size, long least, int characters, boolean lowercase) {
    this(kind, size, least, characters, lowercase, List.of());
  }

  /** With pairs that stand there twice, at most 1000 characters, letters as they are. */
  public TokenizerTraining(Kind kind, int size) {
    this(kind, size, 2, USUAL_CHARACTERS, false);
  }

  /** With small letters and no accents. */
  public TokenizerTraining lowercased() {
    return new TokenizerTraining(kind, size, least, characters, true, named);
  }

  /** With further special tokens, which no text is cut into unless it spells them. */
  public TokenizerTraining withSpecial(List<String> tokens) {
    return new TokenizerTraining(kind, size, least, characters, lowercase, tokens);
  }

  /** All special tokens, whose numbers are the first. */
  public List<String> special() {
    List<String> all = new ArrayList<>(kind.special());
    all.addAll(named);
    return all;
  }

  /**
   * Learns.
   *
   * @param texts read once, on this thread
   * @throws IllegalArgumentException if the size is too small for what each tokenizer of the kind
   *     holds, or there is no text
   */
  public TrainedTokenizer train(Stream<String> texts) {
    WordCounts corpus = WordCounts.of(texts, normalizer(), splitter());
    if (corpus.size() == 0) {
      throw new IllegalArgumentException("tokenizer: expected texts to learn from, got none");
    }
    return switch (kind) {
      case BYTE_PAIRS -> pairs(corpus, bytes(), "");
      case WORD_PIECES -> pairs(corpus, frequent(corpus), "##");
      case UNIGRAM -> unigram(corpus);
    };
  }

  private @Nullable Normalizer normalizer() {
    return switch (kind) {
      case BYTE_PAIRS -> null;
      case WORD_PIECES -> new BertNormalizer(true, true, lowercase, lowercase);
      case UNIGRAM -> new Prepend(SPACE);
    };
  }

  private PreTokenizer splitter() {
    return switch (kind) {
      case BYTE_PAIRS -> new ByteLevel(false, true);
      case WORD_PIECES ->
          new PreTokenizerSequence(
              List.of(Split.whitespace(), Split.punctuation(SplitBehavior.ISOLATED)));
      case UNIGRAM -> new Metaspace(SPACE, Metaspace.Prefix.NEVER, true);
    };
  }

  private TrainedTokenizer pairs(WordCounts corpus, Collection<Integer> alphabet, String prefix) {
    PairLearner learner = new PairLearner(corpus, special(), alphabet, prefix);
    PairLearner.Learned learned = learner.learn(size, least);
    return new TrainedTokenizer(this, learned.pieces(), learned.merges(), List.of());
  }

  private static Collection<Integer> bytes() {
    return new TreeSet<>(
        IntStream.range(0, BYTES).mapToObj(b -> (int) ByteAlphabet.character(b)).toList());
  }

  private Collection<Integer> frequent(WordCounts corpus) {
    return new TreeSet<>(
        corpus.characters().entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<Integer, Long> entry) -> -entry.getValue())
                    .thenComparing(Map.Entry::getKey))
            .limit(characters)
            .map(Map.Entry::getKey)
            .toList());
  }

  /** The bytes stand where no text is cut into them: behind the special tokens, out of reach. */
  private TrainedTokenizer unigram(WordCounts corpus) {
    List<String> special = special();
    List<String> pieces = new ArrayList<>(special);
    IntStream.range(0, BYTES)
        .mapToObj(b -> String.format(Locale.ROOT, "<0x%02X>", b))
        .forEach(pieces::add);
    List<Double> scores = new ArrayList<>();
    pieces.forEach(piece -> scores.add(special.contains(piece) ? 0 : UNREACHED));
    UnigramLearner learner = new UnigramLearner(corpus, BYTE_SPELLING);
    for (UnigramLearner.Scored piece : learner.learn(size - pieces.size())) {
      pieces.add(piece.text());
      scores.add(piece.score());
    }
    return new TrainedTokenizer(this, pieces, List.of(), scores);
  }
}
