package dev.heed.web;

/** Answers requests. */
@FunctionalInterface
public interface Page {
  /**
   * Answers one.
   *
   * @throws Problem to refuse it
   * @throws Exception for what is no fault of the client: it learns that, and no more
   */
  void answer(Exchange exchange) throws Exception;
}
