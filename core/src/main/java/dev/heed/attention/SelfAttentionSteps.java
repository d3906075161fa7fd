package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention step by step, each step a value one can look at or print (Vaswani et al. 2017,
 * section 3.2).
 *
 * <p>All tensors are owned by the scope in which {@link #of} ran.
 *
 * @param embeddings step 1: the words as vectors, {@code X [T, size]}
 * @param queries step 2: what each word asks, {@code Q = X·Wq}, {@code [H, T, D]}
 * @param keys step 2: what each word answers to, {@code K = X·Wk}, {@code [H, T, D]}
 * @param values step 2: what each word says, {@code V = X·Wv}, {@code [H, T, D]}
 * @param scores step 3: {@code Q·Kᵀ}, {@code [H, T, T]}
 * @param scaled step 4: {@code scores / √D}, {@code [H, T, T]}
 * @param weights step 5: {@code softmax(scaled)}, {@code [H, T, T]}; rows sum to one
 * @param heads step 6: the weighted sum for all words, {@code weights·V}, {@code [H, T, D]}
 * @param output step 7: the heads side by side through the output projection, {@code [T, size]}
 */
public record SelfAttentionSteps(
    Tensor embeddings,
    Tensor queries,
    Tensor keys,
    Tensor values,
    Tensor scores,
    Tensor scaled,
    Tensor weights,
    Tensor heads,
    Tensor output) {
  /** Components of a vector that are printed. */
  private static final int SHOWN = 8;

  /** Characters of a printed number. */
  private static final int NUMBER = 8;

  /**
   * Takes all steps.
   *
   * @param embeddings of one text, {@code [T, size]}
   * @param projections as for {@link MultiHeadAttention}, with as many key heads as query heads
   * @param heads how many
   * @param mask which keys may be seen, or null for all
   */
  public static SelfAttentionSteps of(
      Tensor embeddings,
      HeadProjections.Separate projections,
      int heads,
      @Nullable AttentionMask mask) {
    return TensorScope.run(() -> {
      Tensor q = split(projections.query().apply(embeddings), heads);
      Tensor k = split(projections.key().apply(embeddings), heads);
      Tensor v = split(projections.value().apply(embeddings), heads);
      Tensor scores = q.matmul(k.transpose(-2, -1));
      Tensor scaled = scores.div(Math.sqrt(q.size(-1)));
      AttentionOutput read =
          WrittenAttention.read(
              scaled.unsqueeze(0), v.unsqueeze(0), AttentionRequest.of(mask), new Dropout(0));
      Tensor sums = read.output().squeeze(0);
      Tensor together = sums.transpose(0, 1).flatten(1, 2); // [T, H·D]
      Linear last = projections.output();
      return new SelfAttentionSteps(
          embeddings,
          q,
          k,
          v,
          scores,
          scaled,
          read.requireWeights().squeeze(0),
          sums,
          last == null ? together : last.apply(together));
    });
  }

  /** {@code [T, H·D]} to {@code [H, T, D]}. */
  private static Tensor split(Tensor x, int heads) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(0, 1);
  }

  /**
   * The steps as text: one head's vectors and matrices, a row a word.
   *
   * @param words one for each row of the embeddings
   * @param head which head to show, from 0
   * @throws IllegalArgumentException if the words are not as many as the embeddings
   */
  public String describe(List<String> words, int head) {
    if (words.size() != embeddings.size(0)) {
      throw new IllegalArgumentException(
          "steps: expected "
              + embeddings.size(0)
              + " words, one for each embedding, got "
              + words.size());
    }
    StringBuilder text = new StringBuilder();
    try (TensorScope scope = TensorScope.open()) {
      vectors(text, "1. Each word is a vector, X", words, embeddings);
      vectors(text, "2. What it asks, Q = X·Wq", words, queries.select(0, head));
      vectors(text, "   What it answers to, K = X·Wk", words, keys.select(0, head));
      vectors(text, "   What it says, V = X·Wv", words, values.select(0, head));
      matrix(text, "3. Scores Q·Kᵀ: row asks, column answers", words, scores.select(0, head));
      matrix(text, "4. Scaled by 1/√" + queries.size(-1), words, scaled.select(0, head));
      matrix(text, "5. Weights: softmax, rows sum to 1", words, weights.select(0, head));
      vectors(text, "6. For every word the weighted sum of V", words, heads.select(0, head));
      vectors(text, "7. All " + heads.size(0) + " heads side by side, times Wo", words, output);
    }
    return text.toString();
  }

  private static void vectors(StringBuilder text, String title, List<String> words, Tensor rows) {
    table(text, title, words, rows, Math.min(SHOWN, (int) rows.size(1)));
  }

  private static void matrix(StringBuilder text, String title, List<String> words, Tensor rows) {
    text.append(title).append('\n').append(cell("", width(words)));
    words.forEach(word -> text.append(cell(word, Math.max(NUMBER, word.length() + 1))));
    text.append('\n');
    double[] numbers = rows.toDoubleArray();
    for (int row = 0; row < words.size(); row++) {
      text.append(cell(words.get(row), width(words)));
      for (int column = 0; column < words.size(); column++) {
        String number = number(numbers[row * words.size() + column]);
        text.append(cell(number, Math.max(NUMBER, words.get(column).length() + 1)));
      }
      text.append('\n');
    }
  }

  private static void table(
      StringBuilder text, String title, List<String> words, Tensor rows, int shown) {
    text.append(title).append('\n');
    double[] numbers = rows.toDoubleArray();
    int columns = (int) rows.size(1);
    for (int row = 0; row < words.size(); row++) {
      text.append(cell(words.get(row), width(words)));
      for (int column = 0; column < shown; column++) {
        text.append(cell(number(numbers[row * columns + column]), NUMBER));
      }
      text.append(shown < columns ? "  … of " + columns + "\n" : "\n");
    }
  }

  private static int width(List<String> words) {
    return words.stream().mapToInt(String::length).max().orElse(0) + 2;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String cell(String content, int width) {
    return " ".repeat(Math.max(0, width - content.length())) + content;
  }
}
