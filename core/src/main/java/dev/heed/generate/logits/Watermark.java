package dev.heed.generate.logits;

import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;

/**
 * Marks what is written, so that it can be told from other texts: a share of the vocabulary, its
 * green list, is drawn anew for every place from the tokens before it, and gains a bias
 * (Kirchenbauer et al., A Watermark for Large Language Models, ICML 2023, algorithm 2).
 *
 * <p>The list is the first {@code ⌊greenlistRatio · V⌋} tokens of a permutation seeded by {@code
 * hashingKey} times the last token ({@code lefthash}). By {@code selfhash} (Kirchenbauer et al., On
 * the Reliability of Watermarks, ICLR 2024) each of the 40 best tokens gains the bias that is green
 * in the list which it would itself seed together with the tokens before it.
 *
 * @param greenlistRatio share of the vocabulary, between 0 and 1
 * @param bias added to scores of green tokens
 * @param hashingKey of seeds; who looks for the mark needs it
 * @param seedingScheme {@code lefthash} or {@code selfhash}
 * @param contextWidth how many tokens seed a list; a sequence that has fewer is left as it is
 */
public record Watermark(
    double greenlistRatio, double bias, long hashingKey, String seedingScheme, int contextWidth)
    implements LogitsProcessor {
  private static final String SELF = "selfhash";
  private static final int CANDIDATES = 40;
  private static final int TABLE = 1_000_003;

  /** Checks the numbers. */
  public Watermark {
    Range.require(
        greenlistRatio > 0 && greenlistRatio < 1,
        "greenlist_ratio",
        "between 0 and 1",
        greenlistRatio);
    Range.require(Double.isFinite(bias), "watermark bias", "a number", bias);
    Range.require(
        List.of("lefthash", SELF).contains(seedingScheme),
        "seeding_scheme",
        "lefthash or selfhash",
        seedingScheme);
    Range.require(contextWidth >= 1, "context_width", "at least 1", contextWidth);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    Tokens tokens = prefix.tokens();
    if (tokens.size() < contextWidth) {
      return;
    }
    int[] context = tokens.from(tokens.size() - contextWidth);
    int[] green =
        seedingScheme.equals(SELF)
            ? chosenByThemselves(tokens, scores)
            : green(hashingKey * context[context.length - 1], scores.length);
    for (int token : green) {
      scores[token] += bias;
    }
  }

  private int[] chosenByThemselves(Tokens tokens, double[] scores) {
    long[] table = table();
    int[] best = Scores.best(scores, Math.min(CANDIDATES, scores.length));
    int size = Math.min(contextWidth, tokens.size() + 1);
    return Arrays.stream(best)
        .filter(token -> {
          int[] context = Arrays.copyOf(tokens.from(tokens.size() - size + 1), size);
          context[size - 1] = token;
          int[] green = green(seed(context, table), scores.length);
          return Arrays.stream(green).anyMatch(one -> one == token);
        })
        .toArray();
  }

  /** The least of the products of a token's number in a table with the last one's. */
  private long seed(int[] context, long[] table) {
    long last = table[context[context.length - 1] % TABLE] + 1;
    return Arrays.stream(context)
        .mapToLong(token -> hashingKey * (table[token % TABLE] + 1) * last)
        .min()
        .orElseThrow();
  }

  private int[] green(long seed, int vocabulary) {
    // the reference takes a negative seed by what is left over 2^64 - 1
    long[] all = permutation(seed < 0 ? seed - 1 : seed, vocabulary);
    return Arrays.stream(all, 0, (int) (vocabulary * greenlistRatio))
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** The table of {@link #hashingKey}. */
  private long[] table() {
    return permutation(hashingKey, TABLE);
  }

  private static long[] permutation(long seed, int size) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(seed)) {
      return Tensor.randperm(random, size).toLongArray();
    }
  }
}
