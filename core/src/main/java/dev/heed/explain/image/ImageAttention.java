package dev.heed.explain.image;

import dev.heed.attention.position.TokenGrids;
import dev.heed.vision.RgbImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exact attention weights of one layer over the patches of an image.
 *
 * @param image as the model saw it, resized and cropped
 * @param layers every layer that attends to places of the image, in the order of the run
 * @param layer which of them the weights are of
 * @param weights {@code [head][query][key]} after softmax: tokens in front, places row by row,
 *     tokens behind. Rows sum to one but where a window reaches beyond the image
 * @param note what was not as the model's files say, or null
 */
public record ImageAttention(
    RgbImage image, List<Layer> layers, int layer, float[][][] weights, @Nullable String note) {
  /** Stands for the mean of all heads. */
  public static final int MEAN = -1;

  /**
   * A layer.
   *
   * @param name of its attention in the model
   * @param places where its tokens stand
   */
  public record Layer(String name, TokenGrids places) {}

  /** Copies the list. */
  public ImageAttention {
    layers = List.copyOf(layers);
  }

  /** Where the layer's tokens stand. */
  public TokenGrids places() {
    return layers.get(layer).places();
  }

  /** How many heads the layer has. */
  public int heads() {
    return weights.length;
  }

  /** How many tokens without a place stand in front of the queries' places. */
  public int before() {
    return weights[0].length - places().queries().places() - places().behind();
  }

  /** How many keys without a place stand in front. */
  public int keysBefore() {
    return weights[0][0].length - places().keys().places() - places().behind();
  }

  /**
   * What one query attends to.
   *
   * @param head from 0, or {@link #MEAN}
   * @param query a token
   * @return a weight for each key
   */
  public float[] row(int head, int query) {
    if (head != MEAN) {
      return weights[head][query].clone();
    }
    double[] sums = new double[weights[0][0].length];
    for (float[][] one : weights) {
      for (int key = 0; key < sums.length; key++) {
        sums[key] += one[query][key];
      }
    }
    float[] mean = new float[sums.length];
    for (int key = 0; key < mean.length; key++) {
      mean[key] = (float) (sums[key] / weights.length);
    }
    return mean;
  }
}
