package dev.heed.server;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What one request came to: tokens and times. Used by the thread that answers it. */
final class Measured implements AutoCloseable {
  private static final double NANOS = 1e9;

  private final Metrics metrics;
  private final String operation;
  private final String model;
  private final long begun;
  private long prompt;
  private long written;
  private long first;
  private long last;
  private boolean worked;

  /**
   * Begins.
   *
   * @param operation by OpenTelemetry's name: {@code chat}, {@code text_completion}, {@code
   *     embeddings}
   * @param begun as {@code System.nanoTime} tells it
   */
  Measured(Metrics metrics, String operation, String model, long begun) {
    this.metrics = metrics;
    this.operation = operation;
    this.model = model;
    this.begun = begun;
  }

  /** Tokens were read. */
  void read(long tokens) {
    prompt += tokens;
  }

  /** A token was written. */
  void token() {
    last = System.nanoTime();
    first = written == 0 ? last : first;
    written++;
  }

  /** The answer is complete. */
  void done() {
    worked = true;
  }

  /** How many tokens there were, as the interface tells it. */
  ObjectNode usage() {
    ObjectNode usage = JsonMapper.shared().createObjectNode();
    usage.put("prompt_tokens", prompt);
    usage.put("completion_tokens", written);
    usage.put("total_tokens", prompt + written);
    return usage;
  }

  @Override
  public void close() {
    long now = System.nanoTime();
    metrics.duration(operation, model, worked, (now - begun) / NANOS);
    metrics.tokens(operation, model, "input", prompt);
    if (written > 0) {
      metrics.tokens(operation, model, "output", written);
      metrics.firstToken(operation, model, (first - begun) / NANOS);
    }
    if (written > 1) {
      metrics.perToken(operation, model, (last - first) / NANOS / (written - 1));
    }
  }
}
