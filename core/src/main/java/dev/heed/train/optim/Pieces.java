package dev.heed.train.optim;

import dev.heed.tensor.SideBySide;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors cut into pieces that are worked on side by side, in a way that depends on their sizes
 * alone.
 */
final class Pieces {
  /**
   * A run of elements.
   *
   * @param number of this piece, from 0
   * @param tensor its place in the list
   * @param from its first element
   * @param count how many elements, at most {@link Block#SIZE}
   */
  record Piece(int number, int tensor, long from, int count) {}

  /** Works through some pieces, with arrays of its own. */
  interface Worker {
    void run(Piece piece);
  }

  /** What one thread does at a time; large against the cost of handing it over. */
  private static final long BUNDLE = 64L * Block.SIZE;

  private final List<List<Piece>> bundles = new ArrayList<>();
  private int count;

  /** Cuts tensors of these element counts. */
  Pieces(List<Long> sizes) {
    List<Piece> bundle = new ArrayList<>();
    long filled = 0;
    for (int tensor = 0; tensor < sizes.size(); tensor++) {
      for (long from = 0; from < sizes.get(tensor); from += Block.SIZE) {
        int length = (int) Math.min(Block.SIZE, sizes.get(tensor) - from);
        bundle.add(new Piece(count++, tensor, from, length));
        filled += length;
        if (filled >= BUNDLE) {
          bundles.add(bundle);
          bundle = new ArrayList<>();
          filled = 0;
        }
      }
    }
    if (!bundle.isEmpty()) {
      bundles.add(bundle);
    }
  }

  /** How many pieces there are. */
  int count() {
    return count;
  }

  /**
   * Works through all pieces.
   *
   * @param workers makes a worker for one thread
   */
  void run(java.util.function.Supplier<Worker> workers) {
    SideBySide.run(
        bundles.size(),
        i -> {
          Worker worker = workers.get();
          bundles.get(i).forEach(worker::run);
        });
  }
}
