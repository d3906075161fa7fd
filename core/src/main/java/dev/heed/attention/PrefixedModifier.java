package dev.heed.attention;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * A change of the scores of the keys after a prefix, whose own scores stay as they are.
 *
 * @param modifier numbers the sequence's own keys from 0
 * @param length of the prefix
 */
record PrefixedModifier(ScoreModifier modifier, int length) implements ScoreModifier {
  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return key < length ? score : modifier.modify(batch, head, query - length, key - length, score);
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return key < length ? 1 : modifier.derivative(batch, head, query - length, key - length, score);
  }

  @Override
  public List<Tensor> parameters() {
    return modifier.parameters();
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    if (key >= length) {
      modifier.accumulate(batch, head, query - length, key - length, score, gradient, into);
    }
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    modifier.requireFit(sizes.withKeys(sizes.keys() - length));
  }

  @Override
  public boolean parametersAreDisjoint() {
    return modifier.parametersAreDisjoint();
  }
}
