package dev.heed.generate.logits;

import java.util.Arrays;

/**
 * Token numbers in order; {@link #plus} shares what two sequences have in common, so that a beam's
 * many heirs cost little.
 *
 * <p>Immutable to whoever holds one. Appending to the longest of a family writes into the shared
 * array; appending to another copies. Not safe to append to from several threads at once.
 */
public final class Tokens {
  /** An array and how much of it is taken, by the longest sequence that lies in it. */
  private static final class Storage {
    private int[] ids;
    private int taken;

    Storage(int[] ids, int taken) {
      this.ids = ids;
      this.taken = taken;
    }
  }

  private static final int SPARE = 32;

  private final Storage storage;
  private final int size;

  private Tokens(Storage storage, int size) {
    this.storage = storage;
    this.size = size;
  }

  /** The sequence of these tokens, copied. */
  public static Tokens of(int... ids) {
    return new Tokens(new Storage(ids.clone(), ids.length), ids.length);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The token at a place from 0. */
  public int get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("token " + index + " of " + size);
    }
    return storage.ids[index];
  }

  /** The last token. */
  public int last() {
    return get(size - 1);
  }

  /** This sequence and one token more. */
  public Tokens plus(int token) {
    if (storage.taken != size) {
      int[] copy = Arrays.copyOf(storage.ids, size + 1 + SPARE);
      copy[size] = token;
      return new Tokens(new Storage(copy, size + 1), size + 1);
    }
    if (size == storage.ids.length) {
      storage.ids = Arrays.copyOf(storage.ids, size + size / 2 + SPARE);
    }
    storage.ids[size] = token;
    storage.taken = size + 1;
    return new Tokens(storage, size + 1);
  }

  /** The first tokens of this sequence. */
  public Tokens first(int count) {
    if (count < 0 || count > size) {
      throw new IndexOutOfBoundsException("the first " + count + " of " + size + " tokens");
    }
    return new Tokens(storage, count);
  }

  /** Whether these tokens are the last ones, in order. */
  public boolean endsWith(int[] suffix) {
    if (suffix.length > size) {
      return false;
    }
    return Arrays.equals(storage.ids, size - suffix.length, size, suffix, 0, suffix.length);
  }

  /** A copy of the tokens from a place on. */
  public int[] from(int start) {
    return Arrays.copyOfRange(storage.ids, start, size);
  }

  /** A copy of all tokens. */
  public int[] toArray() {
    return from(0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens that
        && Arrays.equals(storage.ids, 0, size, that.storage.ids, 0, that.size);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = 0; i < size; i++) {
      hash = 31 * hash + storage.ids[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(toArray());
  }
}
