package dev.heed.verify;

import dev.heed.generate.search.Continuation;
import dev.heed.generate.search.Decoder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A decoder whose sequences stay in their rows after they have ended, and with them the padding of
 * the others, as in the library that recorded generations: for references in which a sequence's
 * place or its padding changes numbers.
 */
final class WholeBatch implements Decoder {
  private final Decoder all;
  private final int inputs;
  private final int beams;

  /** How many rows each input has: one until its beams differ. */
  private int width = 1;

  /** The row of the whole batch in which each sequence stands that goes on. */
  private int[] places;

  /**
   * Over a decoder that has one row for each input, which is closed with this one.
   *
   * @param beams of each input, from 1
   */
  WholeBatch(Decoder all, int beams) {
    this.all = all;
    this.inputs = all.rows();
    this.beams = beams;
    this.places = IntStream.range(0, inputs).toArray();
  }

  @Override
  public int rows() {
    return places.length;
  }

  @Override
  public int length() {
    return all.length();
  }

  @Override
  public int vocabularySize() {
    return all.vocabularySize();
  }

  @Override
  public Continuation feed(int[][] tokens, Wanted wanted) {
    int[][] whole = new int[inputs * width][tokens[0].length];
    for (int i = 0; i < places.length; i++) {
      whole[places[i]] = tokens[i];
    }
    Continuation next = all.feed(whole, wanted);
    return new Continuation(
        Arrays.stream(places).mapToObj(place -> next.scores()[place]).toArray(double[][][]::new));
  }

  @Override
  public void select(int[] rows) {
    int[] from = IntStream.range(0, inputs * beams).map(row -> row / beams * width).toArray();
    if (width == beams) {
      Arrays.setAll(from, row -> row);
    }
    int[] next = new int[rows.length];
    int[] taken = new int[inputs];
    for (int i = 0; i < rows.length; i++) {
      int place = places[rows[i]];
      int input = place / width;
      next[i] = input * beams + taken[input]++;
      from[next[i]] = place;
    }
    all.select(from);
    places = next;
    width = beams;
  }

  @Override
  public void truncate(int length) {
    all.truncate(length);
  }

  @Override
  public void close() {
    all.close();
  }
}
