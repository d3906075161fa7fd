package dev.heed.task;

import java.util.List;

/**
 * The classes of a text or an image.
 *
 * @param labels all of them with what the model gives each, best first
 * @param chosen the best one, or of several labels all that are more likely than not; none where
 *     the model gives a number instead of classes
 * @param cut whether a text was longer than the model reads, so that its end was not read
 * @param tokens how many tokens were read, special ones included, with each hypothesis where labels
 *     are judged by some; 0 for an image
 */
public record Classification(List<Label> labels, List<String> chosen, boolean cut, int tokens) {
  /** Copies the lists. */
  public Classification {
    labels = List.copyOf(labels);
    chosen = List.copyOf(chosen);
  }

  /**
   * A class.
   *
   * @param name as the config has it
   * @param score its probability, or the number that a regression gives
   */
  public record Label(String name, double score) {}

  /** The first label: of classes the likeliest. */
  public Label best() {
    return labels.getFirst();
  }
}
