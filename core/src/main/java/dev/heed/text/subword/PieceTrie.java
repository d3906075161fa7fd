package dev.heed.text.subword;

import java.util.Arrays;

/**
 * A tree of pieces by their characters, kept as one hash table from node and character to node: it
 * is built in one pass, and finds all pieces that begin somewhere in a text by walking along it.
 */
public final class PieceTrie {
  /** Where a walk begins. */
  public static final int ROOT = 0;

  private long[] keys = new long[64];
  private int[] children = new int[64];
  private int[] values = new int[32];
  private int nodes = 1;

  /** An empty tree. */
  public PieceTrie() {
    Arrays.fill(keys, -1);
    Arrays.fill(values, -1);
  }

  /**
   * Adds a piece, or changes its value.
   *
   * @param value not negative
   */
  public void put(String piece, int value) {
    int node = ROOT;
    for (int i = 0; i < piece.length(); i++) {
      node = childOrNew(node, piece.charAt(i));
    }
    values[node] = value;
  }

  /** The node one character further, or -1 when no piece goes that way. */
  public int child(int node, char c) {
    int slot = slot((long) node << 16 | c);
    return keys[slot] == -1 ? -1 : children[slot];
  }

  /** The value of the piece that ends at a node, or -1. */
  public int value(int node) {
    return values[node];
  }

  /** How long the longest piece is that a text has at an index; 0 if it has none. */
  public int longest(String text, int from) {
    int longest = 0;
    int node = ROOT;
    for (int i = from; i < text.length(); i++) {
      node = child(node, text.charAt(i));
      if (node < 0) {
        break;
      }
      longest = values[node] >= 0 ? i + 1 - from : longest;
    }
    return longest;
  }

  private int childOrNew(int node, char c) {
    long key = (long) node << 16 | c;
    int slot = slot(key);
    if (keys[slot] == key) {
      return children[slot];
    }
    if (nodes * 2 >= keys.length) {
      grow();
      slot = slot(key);
    }
    if (nodes == values.length) {
      values = Arrays.copyOf(values, nodes * 2);
      Arrays.fill(values, nodes, values.length, -1);
    }
    keys[slot] = key;
    children[slot] = nodes;
    return nodes++;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9e3779b97f4a7c15L) >>> 34) & mask;
    while (keys[slot] != key && keys[slot] != -1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldChildren = children;
    keys = new long[oldKeys.length * 2];
    children = new int[keys.length];
    Arrays.fill(keys, -1);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != -1) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        children[slot] = oldChildren[i];
      }
    }
  }
}
