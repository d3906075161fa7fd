package dev.heed.attention.additive;

/** Which recurrent cell a decoder is made of. */
public enum CellKind {
  /** Gated recurrent unit: gates r, z, n. */
  GRU(3),
  /** Long short-term memory: gates i, f, g, o. */
  LSTM(4);

  private final int gates;

  CellKind(int gates) {
    this.gates = gates;
  }

  int gates() {
    return gates;
  }
}
