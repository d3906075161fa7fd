package dev.heed.tensor;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What graphs of gradients hold until they are gone: a thread looks for what is finished whenever
 * it closes a scope. Apart from what a graph is made of, so that nothing of LibTorch is loaded for
 * it.
 */
final class FinishedGraphs {
  /** A computation in a graph. */
  interface Node {
    /** The thread that made it. */
    Thread tiedBy();

    /** Frees what can be freed now; whether nothing is left to free. */
    boolean freeIfFinished();
  }

  private static final Queue<Node> NODES = new ConcurrentLinkedQueue<>();

  private FinishedGraphs() {}

  /** How many times a thread need not look, because it has looked at so many nodes. */
  private static final class Pause {
    private int left;
  }

  private static final ThreadLocal<Pause> PAUSE = ThreadLocal.withInitial(Pause::new);

  static void add(Node node) {
    NODES.add(node);
  }

  /**
   * Frees what graphs that are gone had saved: those of this thread, and of ended ones.
   *
   * @param now whether to look in any case; else a thread that has looked at n nodes looks again
   *     after n calls, so that a graph of many nodes does not slow down every scope
   */
  static void release(boolean now) {
    if (NODES.isEmpty()) {
      return;
    }
    Pause pause = PAUSE.get();
    if (!now && pause.left > 0) {
      pause.left--;
      return;
    }
    pause.left = 0;
    Thread current = Thread.currentThread();
    NODES.removeIf(node -> {
      pause.left++;
      return (node.tiedBy() == current || !node.tiedBy().isAlive()) && node.freeIfFinished();
    });
  }

  /** Frees what any graph that is gone had saved. */
  static void releaseAll() {
    NODES.removeIf(Node::freeIfFinished);
  }
}
