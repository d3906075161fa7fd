package dev.heed.model.bert;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Linear;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * BERT's two training tasks (Devlin et al. 2019, section 3.1): which word a mask hides, and whether
 * the second sentence follows the first. Gives {@code prediction_logits} and {@code
 * seq_relationship_logits} {@code [B, 2]}: it follows, it does not.
 *
 * @param words scores of the vocabulary
 * @param follows {@code [2, H]}
 */
record PreTrainingHead(LanguageHead words, Linear follows) implements Head {
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor predictions = words.logits(hidden);
    Tensor next = follows.apply(Objects.requireNonNull(pooled));
    run.put("prediction_logits", predictions);
    run.put("seq_relationship_logits", next);
    Tensor labels = run.input().get("labels");
    Tensor sentence = run.input().get("next_sentence_label");
    if (labels != null && sentence != null) {
      Tensor second = Loss.crossEntropy(next, sentence.flatten(0, -1));
      run.put("loss", words.loss(predictions, labels).add(second));
    }
  }
}
