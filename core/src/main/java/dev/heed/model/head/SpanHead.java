package dev.heed.model.head;

import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer begins and ends in the text (Devlin et al. 2019, section 4.2).
 *
 * @param outputs {@code [2, H]}: begins here, ends here
 * @param dropout of the states while training
 */
public record SpanHead(Linear outputs, Dropout dropout) implements Head {
  /** With the map {@code qa_outputs} below a path. */
  public static SpanHead of(Weights root, long size, double dropout) {
    return new SpanHead(Linear.of(root.child("qa_outputs"), size, 2), new Dropout(dropout));
  }

  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor logits = outputs.apply(dropout.apply(hidden, run.trace()));
    Tensor start = logits.select(2, 0).contiguous();
    Tensor end = logits.select(2, 1).contiguous();
    run.put("start_logits", start);
    run.put("end_logits", end);
    Tensor starts = run.input().get("start_positions");
    Tensor ends = run.input().get("end_positions");
    if (starts != null && ends != null) {
      run.put("loss", loss(start, starts).add(loss(end, ends)).div(2));
    }
  }

  /** A position outside the text does not count. */
  private static Tensor loss(Tensor scores, Tensor positions) {
    long time = scores.size(1);
    return Loss.crossEntropy(
        scores, positions.flatten(0, -1).clamp(0, time).to(DType.I64), time, 0);
  }
}
