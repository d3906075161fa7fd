package dev.heed.task;

import dev.heed.model.ModelConfig;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.task.Classification.Label;
import java.util.Arrays;
import java.util.List;

/**
 * From a head's logits to what each class gets.
 *
 * @param labels the names of the classes, by number
 * @param problem what they are to each other
 */
record ClassScores(List<String> labels, Problem problem) {
  private static final double LIKELIER_THAN_NOT = 0.5;

  /** As a config says; one class alone is there or not. */
  static ClassScores of(ModelConfig config) {
    List<String> labels = List.copyOf(config.labels());
    Problem given = Problem.of(config);
    Problem usual =
        labels.size() == 1
            ? Problem.MULTI_LABEL_CLASSIFICATION
            : Problem.SINGLE_LABEL_CLASSIFICATION;
    return new ClassScores(labels, given == null ? usual : given);
  }

  /** What the model gives each class. */
  double[] scores(double[] logits) {
    return switch (problem) {
      case REGRESSION -> logits;
      case SINGLE_LABEL_CLASSIFICATION -> Probabilities.softmax(logits);
      case MULTI_LABEL_CLASSIFICATION ->
          Arrays.stream(logits).map(Probabilities::sigmoid).toArray();
    };
  }

  /** The classes with their {@link #scores}, best first. */
  Classification classification(double[] scores, boolean cut, int tokens) {
    List<Label> all =
        Arrays.stream(Probabilities.order(scores))
            .mapToObj(i -> new Label(labels.get(i), scores[i]))
            .toList();
    List<String> chosen =
        switch (problem) {
          case REGRESSION -> List.of();
          case SINGLE_LABEL_CLASSIFICATION -> List.of(all.getFirst().name());
          case MULTI_LABEL_CLASSIFICATION ->
              all.stream()
                  .filter(label -> label.score() > LIKELIER_THAN_NOT)
                  .map(Label::name)
                  .toList();
        };
    return new Classification(all, chosen, cut, tokens);
  }
}
