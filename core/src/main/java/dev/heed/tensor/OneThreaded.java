package dev.heed.tensor;

/** A thread whose operations use one thread each, since others run beside it. */
final class OneThreaded extends Thread {
  OneThreaded(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
  }

  @Override
  public void run() {
    Engine.live().threads().useOneHere();
    super.run();
  }
}
