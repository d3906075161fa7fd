package dev.heed.model.albert;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * ALBERT's two training tasks (Lan et al. 2020, section 3.1): which word a mask hides, and whether
 * two segments stand in their order. Gives {@code prediction_logits} and {@code sop_logits} {@code
 * [B, 2]}: in order, swapped.
 *
 * @param words scores of the vocabulary
 * @param order {@code [2, H]}
 * @param dropout of the pooled state while training
 */
record SentenceOrderHead(LanguageHead words, Linear order, Dropout dropout) implements Head {
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor predictions = words.logits(hidden);
    Tensor state = dropout.apply(Objects.requireNonNull(pooled), run.trace());
    Tensor orders = order.apply(state);
    run.put("prediction_logits", predictions);
    run.put("sop_logits", orders);
    Tensor labels = run.input().get("labels");
    Tensor label = run.input().get("sentence_order_label");
    if (labels != null && label != null) {
      Tensor second = Loss.crossEntropy(orders, label.flatten(0, -1));
      run.put("loss", words.loss(predictions, labels).add(second));
    }
  }
}
