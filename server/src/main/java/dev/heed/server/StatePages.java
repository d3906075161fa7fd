package dev.heed.server;

import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** {@code /health}, {@code /ready} and {@code /metrics}: for who runs the server. */
record StatePages(ModelShelf shelf, Metrics metrics, BooleanSupplier draining) implements WebPart {
  @Override
  public void routes(Routes routes) {
    routes.watch(metrics::request);
    routes.open(
        "/health",
        exchange ->
            exchange.sendJson(200, JsonMapper.shared().createObjectNode().put("status", "ok")));
    routes.open(
        "/ready",
        exchange -> {
          boolean ready = !draining.getAsBoolean() && !shelf.all().isEmpty();
          String status = ready ? "ready" : draining.getAsBoolean() ? "draining" : "no model";
          exchange.sendJson(
              ready ? 200 : 503, JsonMapper.shared().createObjectNode().put("status", status));
        });
    routes.get("/metrics", exchange -> exchange.sendText(200, Metrics.TYPE, metrics.text()));
    metrics.gauge(
        "heed_texts_running",
        "Texts that are being written.",
        () -> each(ServedModel::writing, WritingQueue::running));
    metrics.gauge(
        "heed_texts_waiting",
        "Texts that wait for room.",
        () -> each(ServedModel::writing, WritingQueue::waiting));
    metrics.gauge(
        "heed_readings_running",
        "Requests whose texts or sounds are being read.",
        () -> each(ServedModel::reading, ReadingModel::running));
    metrics.gauge(
        "heed_readings_waiting",
        "Requests for readings that wait for their turn.",
        () -> each(ServedModel::reading, ReadingModel::waiting));
    metrics.gauge(
        "heed_prompt_tokens_reused",
        "Tokens of prompts that were not computed again.",
        () -> each(ServedModel::writing, queue -> queue.writer().reusedTokens()));
  }

  private <P> Map<String, Number> each(
      Function<ServedModel, @Nullable P> part, Function<P, Number> value) {
    Map<String, Number> values = new LinkedHashMap<>();
    for (ServedModel model : shelf.all()) {
      @Nullable P own = part.apply(model);
      if (own != null) {
        values.put(model.name(), value.apply(own));
      }
    }
    return values;
  }
}
