package dev.heed.generate.search;

/** A decoder whose rows may become more while it runs. */
public interface JoinableDecoder extends Decoder {
  /**
   * Takes another decoder's rows behind its own, and closes it; the shorter rows of both are filled
   * at the left.
   *
   * @param other of the same model
   */
  void join(JoinableDecoder other);
}
