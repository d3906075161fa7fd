package dev.heed.model.head;

import dev.heed.model.ModelConfig;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A label for each token, for example an entity's tag: {@code W · hidden + b}.
 *
 * @param classifier {@code [labels, H]}
 * @param dropout of the states while training
 */
public record TokenClassifierHead(Linear classifier, Dropout dropout) implements Head {
  /** With the map {@code classifier} below a path, for the classes that a config names. */
  public static TokenClassifierHead of(Weights root, long size, ModelConfig keys, double dropout) {
    Linear classifier = Linear.of(root.child("classifier"), size, keys.labels().size());
    return new TokenClassifierHead(classifier, new Dropout(dropout));
  }

  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor logits = classifier.apply(dropout.apply(hidden, run.trace()));
    run.put("logits", logits);
    Tensor labels = run.input().get("labels");
    if (labels != null) {
      run.put("loss", Loss.crossEntropy(logits.flatten(0, 1), labels.flatten(0, 1)));
    }
  }
}
