package dev.heed.tensor;

/** How many threads one operation of an engine may use. */
interface EngineThreads {
  /** The number for the calling thread. */
  int count();

  /** Sets the number for the whole process. */
  void set(int threads);

  /** Makes the calling thread keep to the process's number; called as it opens a scope. */
  void follow();

  /** Makes the calling thread use one thread an operation from now on. */
  void useOneHere();

  /**
   * Runs work during which matrix products use one thread each, whatever thread asks for them: a
   * library whose threads are the whole process's takes no number for the calling thread. Several
   * may run at once, and within each other.
   */
  void productsAlone(Runnable work);
}
