package dev.heed.server;

import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import java.io.IOException;

/**
 * What every page that a model answers does: the model stays until the answer is there, and what it
 * took is measured.
 *
 * @param operation by OpenTelemetry's name: {@code chat}, {@code text_completion}, {@code
 *     embeddings}; the others by their pages'
 */
record Serving(ModelShelf shelf, Metrics metrics, String operation) {
  /** Answers one request. */
  @FunctionalInterface
  interface Answer {
    /** Answers, with a model that stays until this returns. */
    void of(ServedModel model, Measured measured) throws IOException, InterruptedException;
  }

  /** Answers one request in JSON. */
  @FunctionalInterface
  interface JsonAnswer {
    /**
     * Answers, with a model that stays until this returns.
     *
     * @param fields of the request, of which {@code model} is read
     */
    void of(Exchange exchange, Fields fields, ServedModel model, Measured measured)
        throws IOException, InterruptedException;
  }

  /**
   * Answers by the model that the request's JSON names.
   *
   * @throws Problem 404 if there is none of this name
   */
  void answer(Exchange exchange, JsonAnswer answer) throws IOException, InterruptedException {
    Fields fields = new Fields(exchange.json());
    answer(
        exchange,
        fields.requiredText("model"),
        (model, measured) -> answer.of(exchange, fields, model, measured));
  }

  /**
   * Answers by a model.
   *
   * @throws Problem 404 if there is none of this name
   */
  void answer(Exchange exchange, String name, Answer answer)
      throws IOException, InterruptedException {
    try (ModelShelf.Lease lease = shelf.lease(name);
        Measured measured = new Measured(metrics, operation, name, exchange.begun())) {
      try {
        answer.of(lease.model(), measured);
        measured.done();
      } catch (Problem e) {
        measured.failed(e);
        throw e;
      }
    }
  }
}
