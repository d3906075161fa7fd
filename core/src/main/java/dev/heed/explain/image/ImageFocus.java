package dev.heed.explain.image;

import dev.heed.attention.position.Grid;
import dev.heed.vision.RgbImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What one token attends to over an image.
 *
 * @param attention of a layer
 * @param head from 0, or {@link ImageAttention#MEAN}
 * @param query which token
 */
public record ImageFocus(ImageAttention attention, int head, int query) {
  /**
   * A place that is attended to.
   *
   * @param row from the top, from 0
   * @param column from the left, from 0
   * @param weight of it
   * @param top its first row of pixels
   * @param left its first column of pixels
   * @param bottom one past its last row of pixels
   * @param right one past its last column of pixels
   */
  public record Place(
      int row, int column, float weight, int top, int left, int bottom, int right) {}

  /** Checks that the head and the token are there. */
  public ImageFocus {
    within("head", head, ImageAttention.MEAN, attention.heads());
    within("token", query, 0, attention.weights()[0].length);
  }

  private static void within(String name, int value, int least, int limit) {
    if (value < least || value >= limit) {
      throw new IllegalArgumentException(
          name + ": expected a number from 0 to " + (limit - 1) + ", got " + value);
    }
  }

  /** The class token where there is one, else the patch in the middle. */
  public static ImageFocus of(ImageAttention attention, int head) {
    Grid grid = attention.places().queries();
    return attention.before() > 0
        ? new ImageFocus(attention, head, 0)
        : at(attention, head, grid.height() / 2, grid.width() / 2);
  }

  /**
   * A patch.
   *
   * @throws IllegalArgumentException if the layer has no such row or column
   */
  public static ImageFocus at(ImageAttention attention, int head, int row, int column) {
    Grid grid = attention.places().queries();
    if (row < 0 || row >= grid.height() || column < 0 || column >= grid.width()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "patch: expected a row below %d and a column below %d in layer %d, got %d,%d",
              grid.height(),
              grid.width(),
              attention.layer(),
              row,
              column));
    }
    return new ImageFocus(attention, head, attention.before() + row * grid.width() + column);
  }

  /** The same token in another head. */
  public ImageFocus in(int other) {
    return new ImageFocus(attention, other, query);
  }

  /** The number of the patch that the query is, row by row, or -1. */
  public int patch() {
    int patch = query - attention.before();
    return patch >= 0 && patch < attention.places().queries().places() ? patch : -1;
  }

  /** What the query is called. */
  public String name() {
    int patch = patch();
    if (patch >= 0) {
      int width = attention.places().queries().width();
      return String.format(
          Locale.ROOT, "the patch in row %d, column %d", patch / width, patch % width);
    }
    return query == 0 ? "the class token" : "token " + query + ", which is no patch";
  }

  /** What is shown: layer, head, and whose attention. */
  public String heading() {
    return String.format(
        Locale.ROOT,
        "Layer %d, %s: what %s attends to",
        attention.layer(),
        head == ImageAttention.MEAN ? "mean of " + attention.heads() + " heads" : "head " + head,
        name());
  }

  /** The weight of each place of the keys, row by row. */
  public float[] places() {
    int from = attention.keysBefore();
    return Arrays.copyOfRange(
        attention.row(head, query), from, from + attention.places().keys().places());
  }

  /** The largest weight of a place. */
  public float largest() {
    float largest = 0;
    for (float weight : places()) {
      largest = Math.max(largest, weight);
    }
    return largest;
  }

  /** What all places get together. */
  public double share() {
    double share = 0;
    for (float weight : places()) {
      share += weight;
    }
    return share;
  }

  /** What tokens without a place get together. */
  public double elsewhere() {
    double all = 0;
    for (float weight : attention.row(head, query)) {
      all += weight;
    }
    return all - share();
  }

  /** The places that get most, the first of equal ones first. */
  public List<Place> strongest(int most) {
    float[] weights = places();
    return IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -weights[i]).thenComparing(i -> i))
        .limit(most)
        .map(i -> place(i, weights[i]))
        .toList();
  }

  private Place place(int index, float weight) {
    Grid grid = attention.places().keys();
    RgbImage image = attention.image();
    int row = index / grid.width();
    int column = index % grid.width();
    return new Place(
        row,
        column,
        weight,
        row * image.height() / grid.height(),
        column * image.width() / grid.width(),
        (row + 1) * image.height() / grid.height(),
        (column + 1) * image.width() / grid.width());
  }

  /** Where weights go, in a sentence. */
  public String explanation() {
    double rest = 1 - share() - elsewhere();
    String shares =
        String.format(
            Locale.ROOT,
            "Places of the image get %.3f together, other tokens %.3f",
            share(),
            Math.max(0, elsewhere()));
    return rest > 0.0005
        ? shares + String.format(Locale.ROOT, ", what fills the windows at the edges %.3f.", rest)
        : shares + ".";
  }
}
