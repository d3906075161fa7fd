package dev.heed.text.subword;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A growing list of pieces, as {@link PieceSink} takes them. */
public final class Pieces implements PieceSink {
  // Of each piece its number, where it begins and where it ends.
  private int[] values = new int[12];
  private @Nullable String @Nullable [] spellings;
  private int size;

  /** Adds one. */
  public void add(int id, @Nullable String spelling, int from, int to) {
    if (size * 3 == values.length) {
      values = Arrays.copyOf(values, values.length * 2);
    }
    if (spelling != null) {
      if (spellings == null) {
        spellings = new @Nullable String[values.length / 3];
      } else if (spellings.length <= size) {
        spellings = Arrays.copyOf(spellings, values.length / 3);
      }
      spellings[size] = spelling;
    }
    values[size * 3] = id;
    values[size * 3 + 1] = from;
    values[size * 3 + 2] = to;
    size++;
  }

  @Override
  public void piece(int id, @Nullable String spelling, int from, int to) {
    add(id, spelling, from, to);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The number of one. */
  public int id(int i) {
    return values[i * 3];
  }

  /** The first index that one stands for. */
  public int from(int i) {
    return values[i * 3 + 1];
  }

  /** One past the last index that one stands for. */
  public int to(int i) {
    return values[i * 3 + 2];
  }

  /** What to show for one, or null for the vocabulary's spelling. */
  public @Nullable String spelling(int i) {
    return spellings == null || i >= spellings.length ? null : spellings[i];
  }

  /** Hands all on. */
  public void send(PieceSink sink) {
    for (int i = 0; i < size; i++) {
      sink.piece(id(i), spelling(i), from(i), to(i));
    }
  }
}
