package dev.heed.explain;

import dev.heed.attention.position.Grid;
import dev.heed.tensor.ShapeException;
import dev.heed.vision.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model found in a text or an image, and where: what is drawn of a task's result.
 *
 * @param title the result in a few words
 * @param note what the colours mean
 * @param parts from top to bottom
 */
public record Evidence(String title, String note, List<Part> parts) {
  /** Copies the list. */
  public Evidence {
    parts = List.copyOf(parts);
  }

  /** One thing that is shown. */
  public sealed interface Part {
    /** What stands above it. */
    String heading();
  }

  /**
   * A word of a text.
   *
   * @param text what is shown
   * @param value how strongly it is marked: above zero for, below zero against
   * @param label small beside it, for example an entity's type; may be empty
   * @param newLine whether a new line begins with it
   */
  public record Word(String text, double value, String label, boolean newLine) {
    /** Without a label. */
    public Word(String text, double value) {
      this(text, value, "", false);
    }
  }

  /**
   * A text with marked words.
   *
   * @param words in order
   */
  public record Marked(String heading, List<Word> words) implements Part {
    /** Copies the list. */
    public Marked {
      words = List.copyOf(words);
    }

    /** The strongest mark, or 1 if there is none: what colours are relative to. */
    public double strongest() {
      double most = words.stream().mapToDouble(word -> Math.abs(word.value())).max().orElse(0);
      return most > 0 && Double.isFinite(most) ? most : 1;
    }
  }

  /**
   * Which columns each row attends to, for example the words of a translation to those of its
   * source.
   *
   * @param rows the names of the rows
   * @param columns the names of the columns
   * @param weights from 0 to 1, {@code [row][column]}
   */
  public record Aligned(String heading, List<String> rows, List<String> columns, double[][] weights)
      implements Part {
    /**
     * Checks the sizes.
     *
     * @throws ShapeException if they are not those of the names
     */
    public Aligned {
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      boolean even = weights.length == rows.size();
      for (double[] row : weights) {
        even &= row.length == columns.size();
      }
      if (!even) {
        throw new ShapeException(
            "alignment: expected weights of "
                + rows.size()
                + " rows and "
                + columns.size()
                + " columns, got "
                + weights.length
                + " rows");
      }
    }

    /**
     * A map of one layer and one head.
     *
     * @throws IllegalArgumentException for more layers or heads
     */
    public static Aligned of(String heading, AttentionMap map) {
      if (map.layers() != 1 || map.heads() != 1) {
        throw new IllegalArgumentException(
            "map: expected one layer and one head, got "
                + map.layers()
                + " layers of "
                + map.heads()
                + " heads");
      }
      return new Aligned(
          heading,
          map.queries().stream().map(AttentionMap.Unit::text).toList(),
          map.keys().stream().map(AttentionMap.Unit::text).toList(),
          Arrays.stream(map.weights()[0][0]).map(Aligned::doubles).toArray(double[][]::new));
    }

    private static double[] doubles(float[] row) {
      return IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray();
    }
  }

  /**
   * Weights over the places of an image.
   *
   * @param image as the model saw it
   * @param places rows and columns of them
   * @param weights of the places, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // drawn as it is; no part is a map's key
  public record Overlaid(String heading, RgbImage image, Grid places, float[] weights)
      implements Part {
    /**
     * Checks the count.
     *
     * @throws ShapeException if there is not one weight a place
     */
    public Overlaid {
      if (weights.length != places.places()) {
        throw new ShapeException(
            "image: expected a weight for each of "
                + places.places()
                + " places, got "
                + weights.length);
      }
    }

    /** The largest weight: what colours are relative to. */
    public float largest() {
      float largest = 0;
      for (float weight : weights) {
        largest = Math.max(largest, weight);
      }
      return largest;
    }
  }
}
