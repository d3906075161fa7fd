package dev.heed.explain;

import dev.heed.explain.Outcome.Kind;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that is run over several texts of one length, and asked for what it makes of a word.
 *
 * @param model classifies, writes on, or gives states
 * @param written what an encoder-decoder is made to write, of which a token is explained; null for
 *     what explains a word of the text itself
 */
record OutcomeModel(Model model, long @Nullable [] written) {

  /**
   * A word of a text.
   *
   * @param ids of the text's tokens
   * @param first token of the word, or of what is written
   * @param count how many tokens it has
   */
  record Word(long[] ids, int first, int count) {}

  /** The outcomes of texts of one length, run together. */
  List<Outcome> run(List<Word> words, Trace trace) {
    try (TensorScope scope = TensorScope.inference()) {
      ModelOutput output = model.apply(input(words), trace);
      List<Outcome> outcomes = new ArrayList<>();
      for (int row = 0; row < words.size(); row++) {
        outcomes.add(outcome(output, row, words.get(row)));
      }
      return outcomes;
    }
  }

  /**
   * A number that is high if the model says what it says: the logit of a class or token, or the
   * part of the word's vector in a direction.
   *
   * @param direction a vector of length one; not read for classes and tokens
   */
  Tensor score(Word word, Trace trace, Outcome said, double[] direction) {
    ModelOutput output = model.apply(input(List.of(word)), trace);
    if (said.kind() == Kind.WORD_VECTOR) {
      Tensor vector = vector(output, 0, word);
      return vector.mul(Tensor.of(direction, direction.length).to(vector.dtype())).sum();
    }
    return logits(output, 0, word).select(0, said.predicted());
  }

  private ModelInput input(List<Word> words) {
    int length = words.getFirst().ids().length;
    long[] all = new long[words.size() * length];
    for (int row = 0; row < words.size(); row++) {
      System.arraycopy(words.get(row).ids(), 0, all, row * length, length);
    }
    Tensor ids = Tensor.of(all, words.size(), length);
    return written == null
        ? AttentionCapture.input(model, ids)
        : ModelInput.of("input_ids", ids)
            .with("labels", Tensor.of(written, 1, written.length).expand(words.size(), -1));
  }

  private Outcome outcome(ModelOutput output, int row, Word word) {
    Kind kind = kind(output);
    if (kind == Kind.WORD_VECTOR) {
      return new Outcome(kind, vector(output, row, word).to(DType.F64).toDoubleArray());
    }
    Tensor logits = logits(output, row, word).to(DType.F64);
    if (logits.elements() == 1) {
      double p = 1 / (1 + Math.exp(-logits.toDoubleArray()[0]));
      return new Outcome(kind, new double[] {p, 1 - p});
    }
    return new Outcome(kind, logits.softmax(-1).toDoubleArray());
  }

  private Kind kind(ModelOutput output) {
    Tensor logits = output.get("logits");
    if (logits != null && logits.rank() == 2) {
      return Kind.CLASSES;
    }
    boolean writes =
        logits != null
            && logits.rank() == 3
            && (written != null || model.kind() == ModelKind.DECODER);
    return writes ? Kind.NEXT_TOKEN : Kind.WORD_VECTOR;
  }

  /** Of the text, or of what comes after the word. */
  private Tensor logits(ModelOutput output, int row, Word word) {
    Tensor logits = output.logits().select(0, row);
    return logits.rank() == 1 ? logits : logits.select(0, word.first() + word.count() - 1L);
  }

  private Tensor vector(ModelOutput output, int row, Word word) {
    Tensor states =
        model.kind() == ModelKind.ENCODER_DECODER
            ? output.require("encoder_last_hidden_state")
            : output.lastHiddenState();
    return states.select(0, row).narrow(0, word.first(), word.count()).mean(0, false);
  }

  /** From one vector to another, of length one; all zero where they are equal. */
  static double[] direction(Outcome from, Outcome to) {
    double[] difference = new double[to.numbers().length];
    Arrays.setAll(difference, i -> to.numbers()[i] - from.numbers()[i]);
    double length = Math.sqrt(Arrays.stream(difference).map(x -> x * x).sum());
    Arrays.setAll(difference, i -> length == 0 ? 0 : difference[i] / length);
    return difference;
  }
}
