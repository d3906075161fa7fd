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
}
