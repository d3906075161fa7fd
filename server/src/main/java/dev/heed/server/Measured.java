package dev.heed.server;

import dev.heed.web.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What one request came to: tokens and times. Used by the thread that answers it. */
final class Measured implements AutoCloseable {
  private static final double NANOS = 1e9;

  /** OpenTelemetry's {@code error.type} for what has no name. */
  private static final String OTHER = "_OTHER";

  private final Metrics metrics;
  private final String operation;
  private final String model;
  private final long begun;
  private long prompt;
  private long pieces;
  private long written;
  private long first;
  private long last;
  private @Nullable String failure = OTHER;

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

  /** A token, or with a search by beams all of them, was told. */
  void told() {
    last = System.nanoTime();
    first = pieces == 0 ? last : first;
    pieces++;
  }

  /** A text is whole. */
  void wrote(int tokens) {
    written += tokens;
  }

  /** The answer is complete, unless it was said to have failed. */
  void done() {
    failure = OTHER.equals(failure) ? null : failure;
  }

  /** There is no answer. */
  void failed(Problem why) {
    failure = why.code();
  }

  /** How many tokens there were, as the interface tells it. */
  ObjectNode usage() {
    ObjectNode usage = JsonMapper.shared().createObjectNode();
    usage.put("prompt_tokens", prompt);
    usage.put("completion_tokens", written);
    usage.put("total_tokens", prompt + written);
    return usage;
  }

  /** The same for a model that writes nothing. */
  ObjectNode usageOfReading() {
    ObjectNode usage = usage();
    usage.remove("completion_tokens");
    return usage;
  }

  @Override
  public void close() {
    long now = System.nanoTime();
    metrics.duration(operation, model, failure, (now - begun) / NANOS);
    if (prompt > 0) {
      metrics.tokens(operation, model, "input", prompt);
    }
    if (pieces > 0) {
      metrics.tokens(operation, model, "output", Math.max(pieces, written));
      metrics.firstToken(operation, model, (first - begun) / NANOS);
    }
    if (pieces > 1) {
      metrics.perToken(operation, model, (last - first) / NANOS / (pieces - 1));
    }
  }
}
