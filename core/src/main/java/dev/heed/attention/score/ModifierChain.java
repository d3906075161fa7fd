package dev.heed.attention.score;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One change of the scores after another. */
record ModifierChain(ScoreModifier first, ScoreModifier second) implements ScoreModifier {
  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    double between = first.modify(batch, head, query, key, score);
    return second.modify(batch, head, query, key, between);
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    double between = first.modify(batch, head, query, key, score);
    return second.derivative(batch, head, query, key, between)
        * first.derivative(batch, head, query, key, score);
  }

  @Override
  public List<ScoreModifier> steps() {
    List<ScoreModifier> steps = new ArrayList<>(first.steps());
    steps.addAll(second.steps());
    return steps;
  }

  @Override
  public List<Tensor> parameters() {
    List<Tensor> parameters = new ArrayList<>(first.parameters());
    parameters.addAll(second.parameters());
    return parameters;
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    int split = first.parameters().size();
    double between = first.modify(batch, head, query, key, score);
    second.accumulate(
        batch, head, query, key, between, gradient, Arrays.copyOfRange(into, split, into.length));
    double passed = gradient * second.derivative(batch, head, query, key, between);
    first.accumulate(batch, head, query, key, score, passed, Arrays.copyOfRange(into, 0, split));
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    first.requireFit(sizes);
    second.requireFit(sizes);
  }

  @Override
  public boolean parametersAreDisjoint() {
    return first.parametersAreDisjoint() && second.parametersAreDisjoint();
  }

  @Override
  public void modify(ScoreTile tile) {
    first.modify(tile);
    second.modify(tile);
  }

  @Override
  public Tensor modify(Tensor scores) {
    return second.modify(first.modify(scores));
  }
}
