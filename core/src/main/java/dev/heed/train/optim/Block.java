package dev.heed.train.optim;

/** A run of elements in double precision: values, gradients and slots, all at the same places. */
public final class Block {
  /** Elements of a block: its arrays for Adam stay in the first-level cache. */
  static final int SIZE = 1024;

  private final double[] values = new double[SIZE];
  private final double[] gradients = new double[SIZE];
  private final double[][] slots;
  private int length;

  Block(int slotCount) {
    slots = new double[slotCount][SIZE];
  }

  /** How many elements count; the arrays may be longer. */
  public int length() {
    return length;
  }

  void length(int count) {
    length = count;
  }

  /** The parameter's elements, to be changed. */
  public double[] values() {
    return values;
  }

  /** Their gradients, after clipping; may be changed, which nobody sees. */
  public double[] gradients() {
    return gradients;
  }

  /** A slot's elements, to be changed, by its place in {@link ElementwiseRule#slots}. */
  public double[] slot(int index) {
    return slots[index];
  }
}
