package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Automaton.State;
import dev.heed.text.Tokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tokens of a vocabulary by their bytes. */
final class TokenTrie {
  private final Node root = new Node();
  private final byte[][] bytes;

  /** Tokens that share their first bytes. */
  private static final class Node {
    private byte[] keys = new byte[0];
    private Node[] below = new Node[0];
    private int[] tokens = new int[0];

    Node child(byte key) {
      int at = Arrays.binarySearch(keys, key);
      if (at >= 0) {
        return below[at];
      }
      int place = -at - 1;
      Node child = new Node();
      byte[] moreKeys = new byte[keys.length + 1];
      Node[] more = new Node[keys.length + 1];
      System.arraycopy(keys, 0, moreKeys, 0, place);
      System.arraycopy(keys, place, moreKeys, place + 1, keys.length - place);
      System.arraycopy(below, 0, more, 0, place);
      System.arraycopy(below, place, more, place + 1, below.length - place);
      moreKeys[place] = key;
      more[place] = child;
      keys = moreKeys;
      below = more;
      return child;
    }

    void add(int token) {
      tokens = Arrays.copyOf(tokens, tokens.length + 1);
      tokens[tokens.length - 1] = token;
    }
  }

  /** Is told of each token that may follow, and the state after it. */
  @FunctionalInterface
  interface Visitor {
    void token(int token, State after);
  }

  /** All tokens that have bytes; special ones have none. */
  TokenTrie(Tokenizer tokenizer) {
    bytes = new byte[tokenizer.vocabularySize()][];
    for (int id = 0; id < bytes.length; id++) {
      boolean text = tokenizer.token(id).isPresent() && !tokenizer.isSpecial(id);
      bytes[id] = text ? tokenizer.bytes(id) : new byte[0];
      if (bytes[id].length > 0) {
        Node node = root;
        for (byte b : bytes[id]) {
          node = node.child(b);
        }
        node.add(id);
      }
    }
  }

  /** Goes through all tokens that may follow. */
  void follow(State state, Visitor visitor) {
    follow(root, state, visitor);
  }

  private static void follow(Node node, State state, Visitor visitor) {
    for (int token : node.tokens) {
      visitor.token(token, state);
    }
    for (int i = 0; i < node.keys.length; i++) {
      State next = state.after(node.keys[i]);
      if (next != null) {
        follow(node.below[i], next, visitor);
      }
    }
  }

  /** The state after a token, or null if it cannot follow. */
  @Nullable State after(State state, int token) {
    State at = state;
    if (token >= bytes.length || bytes[token].length == 0) {
      return null;
    }
    for (byte b : bytes[token]) {
      at = at == null ? null : at.after(b);
    }
    return at;
  }
}
