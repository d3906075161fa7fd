package dev.heed.model.modernbert;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Scores of words only where there are labels: {@code logits [labels, vocabulary]}; everywhere
 * without labels, {@code [B, T, vocabulary]}.
 *
 * @param words scores of states
 * @param none the label that stands for none
 */
record SparseWordHead(LanguageHead words, long none) implements Head {
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor labels = run.input().get("labels");
    if (labels == null) {
      words.apply(run, hidden, pooled);
      return;
    }
    Tensor wanted = labels.flatten(0, 1);
    Tensor places = wanted.ne(none).nonzero().squeeze(-1);
    Tensor logits = words.logits(hidden.flatten(0, 1).indexSelect(0, places));
    run.put("logits", logits);
    run.put("loss", Loss.crossEntropy(logits, wanted.indexSelect(0, places)));
  }
}
