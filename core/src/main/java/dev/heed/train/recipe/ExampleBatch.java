package dev.heed.train.recipe;

import dev.heed.model.ModelInput;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Examples as one call of a model: {@code input_ids}, {@code attention_mask}, {@code
 * token_type_ids} and {@code labels}, each row filled at its end.
 *
 * @param input for the model
 * @param examples the rows
 * @param labels as the input has them, i64 {@code [B]} or {@code [B, T]}
 */
record ExampleBatch(ModelInput input, List<Example> examples, Tensor labels) {
  /**
   * Puts examples side by side.
   *
   * @param padding the token that fills
   * @param flat whether each example has one label and no more
   */
  static ExampleBatch of(List<Example> examples, long padding, boolean flat) {
    Tensor labels =
        flat
            ? Tensor.of(examples.stream().mapToLong(example -> example.labels()[0]).toArray())
            : rows(examples, Example::labels, CrossEntropy.IGNORED);
    return new ExampleBatch(texts(examples, padding).with("labels", labels), examples, labels);
  }

  /**
   * Pairs of texts: first all first ones, then all second ones, which stand where labels do.
   *
   * @param padding the token that fills
   */
  static ExampleBatch ofPairs(List<Example> examples, long padding) {
    List<Example> all = new ArrayList<>(examples);
    for (Example example : examples) {
      all.add(new Example(example.labels(), new long[example.labels().length], new long[0]));
    }
    return new ExampleBatch(
        texts(all, padding), examples, Tensor.arange(examples.size(), DType.I64));
  }

  /**
   * Texts in which the first and the last token of an answer are learned, or neither where those
   * are below 0.
   *
   * @param padding the token that fills
   */
  static ExampleBatch ofSpans(List<Example> examples, long padding) {
    Tensor labels = rows(examples, Example::labels, CrossEntropy.IGNORED);
    long outside = examples.stream().mapToInt(one -> one.ids().length).max().orElse(0);
    Tensor places = labels.maskedFill(labels.lt(0), outside);
    ModelInput input =
        texts(examples, padding)
            .with("start_positions", places.select(1, 0).contiguous())
            .with("end_positions", places.select(1, 1).contiguous());
    return new ExampleBatch(input, examples, labels);
  }

  /**
   * Segments only where there are two: BERT takes none for the first, and GPT-2, which is asked
   * without any later, would add the first token's vector to every place.
   */
  static ModelInput texts(List<Example> examples, long padding) {
    ModelInput input =
        ModelInput.of("input_ids", rows(examples, Example::ids, padding))
            .with("attention_mask", rows(examples, ExampleBatch::ones, 0));
    boolean apart =
        examples.stream().anyMatch(one -> Arrays.stream(one.types()).anyMatch(type -> type != 0));
    // A model without segments leaves them unread; one that has them is told.
    return apart
        ? input.with("token_type_ids", rows(examples, Example::types, 0)).offering("token_type_ids")
        : input;
  }

  /**
   * Texts in which each token predicts the next one. Padding stands behind all that a token sees,
   * so a model without masks may leave the mask unread.
   *
   * @param padding the token that fills
   */
  static ExampleBatch ofRunning(List<Example> examples, long padding) {
    ExampleBatch batch = of(examples, padding, false);
    return new ExampleBatch(
        batch.input().offering("attention_mask"), batch.examples(), batch.labels());
  }

  /** The same input for another model. */
  ModelInput again() {
    ModelInput same = ModelInput.of(input.tensors());
    for (String offered : input.offered()) {
      same = same.offering(offered);
    }
    return same;
  }

  private static long[] ones(Example example) {
    long[] ones = new long[example.ids().length];
    Arrays.fill(ones, 1);
    return ones;
  }

  static Tensor rows(List<Example> examples, Function<Example, long[]> part, long fill) {
    int longest = examples.stream().mapToInt(one -> part.apply(one).length).max().orElse(0);
    long[] all = new long[examples.size() * longest];
    Arrays.fill(all, fill);
    for (int row = 0; row < examples.size(); row++) {
      long[] own = part.apply(examples.get(row));
      System.arraycopy(own, 0, all, row * longest, own.length);
    }
    return Tensor.of(all, examples.size(), longest);
  }

  /** How many tokens there are, padding left out. */
  long tokens() {
    return examples.stream().mapToLong(example -> example.ids().length).sum();
  }
}
