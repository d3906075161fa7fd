package dev.heed.model.transformerxl;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Scores of the next token: log-probabilities, as {@code prediction_scores} and {@code logits};
 * with {@code labels} only what those cost, as {@code losses} {@code [B, T - 1]} and their mean.
 *
 * @param softmax of the vocabulary
 */
record AdaptiveLanguageHead(AdaptiveSoftmax softmax) implements Head {
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    boolean last = run.input().flag(LanguageHead.LAST_ONLY, false);
    Tensor labels = run.input().get("labels");
    if (labels == null) {
      Tensor scores = softmax.apply(last ? hidden.narrow(1, hidden.size(1) - 1, 1) : hidden);
      run.put("prediction_scores", scores);
      run.put("logits", scores);
      return;
    }
    long next = hidden.size(1) - 1;
    Tensor losses =
        softmax.losses(
            hidden.narrow(1, 0, next).flatten(0, 1), labels.narrow(1, 1, next).flatten(0, 1));
    run.put("losses", losses.unflatten(0, hidden.size(0), next));
    // A label that does not count costs nothing.
    Tensor counted = losses.detach().ne(0).to(DType.I64).sum();
    run.put("loss", losses.sum().div(counted.to(losses.dtype())));
  }
}
