package dev.heed.model.electra;

import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.nn.Activation;
import dev.heed.nn.Linear;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Whether each token was replaced (Clark et al. 2020, section 2): {@code logits [B, T]}, positive
 * for replaced ones, with binary cross entropy over the tokens that are no padding.
 *
 * @param dense {@code [H, H]}
 * @param activation after it
 * @param prediction {@code [1, H]}
 */
record ReplacedTokenHead(Linear dense, Activation activation, Linear prediction) implements Head {
  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor logits = prediction.apply(dense.apply(hidden, activation)).squeeze(-1);
    run.put("logits", logits);
    Tensor labels = run.input().get("labels");
    if (labels != null) {
      Tensor there = run.input().truth("attention_mask");
      Tensor scores = logits.flatten(0, 1);
      Tensor targets = labels.flatten(0, 1);
      if (there != null) {
        Tensor kept = there.flatten(0, 1).nonzero().squeeze(-1);
        scores = scores.indexSelect(0, kept);
        targets = targets.indexSelect(0, kept);
      }
      run.put("loss", Loss.binaryCrossEntropy(scores, targets.to(DType.F64).to(scores.dtype())));
    }
  }
}
