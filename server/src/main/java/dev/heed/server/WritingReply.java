package dev.heed.server;

import dev.heed.web.EventStream;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends texts as they are written, or when they are whole. */
final class WritingReply {
  private static final String DONE = "[DONE]";

  private final Exchange exchange;
  private final TextRun run;
  private final Shape shape;
  private final String model;
  private final Measured measured;
  private final String id;
  private final long created = Instant.now().getEpochSecond();

  WritingReply(Exchange exchange, TextRun run, Shape shape, String model, Measured measured) {
    this.exchange = exchange;
    this.run = run;
    this.shape = shape;
    this.model = model;
    this.measured = measured;
    this.id = shape.prefix() + newId();
  }

  /** 24 hexadecimal digits by chance. */
  static String newId() {
    byte[] bytes = new byte[12];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Sends one answer. */
  void whole() throws InterruptedException {
    TreeMap<Integer, ObjectNode> choices = new TreeMap<>(Comparator.naturalOrder());
    while (run.open() > 0) {
      switch (run.next()) {
        case TextRun.Piece piece -> {
          measured.told();
          shape.piece(piece);
        }
        case TextRun.Ended ended -> {
          measured.wrote(ended.tokens());
          choices.put(ended.index(), shape.whole(ended));
        }
        default -> throw new IllegalStateException("a text failed silently");
      }
    }
    ObjectNode json = frame(false);
    json.putArray("choices").addAll(choices.values());
    json.set("usage", measured.usage());
    exchange.sendJson(200, json);
  }

  /**
   * Sends chunks.
   *
   * @param count how many texts
   * @param usage whether a last chunk tells how many tokens there were
   */
  void stream(int count, boolean usage) throws IOException, InterruptedException {
    TextRun.Event first = run.next(); // what is refused at once is refused with a status
    EventStream events = exchange.events();
    try {
      for (ObjectNode choice : shape.begin(count)) {
        send(events, choice, usage);
      }
      for (TextRun.Event event = first; ; event = run.next()) {
        switch (event) {
          case TextRun.Piece piece -> {
            measured.told();
            send(events, shape.piece(piece), usage);
          }
          case TextRun.Ended ended -> {
            measured.wrote(ended.tokens());
            for (ObjectNode choice : shape.end(ended)) {
              send(events, choice, usage);
            }
          }
          default -> throw new IllegalStateException("a text failed silently");
        }
        if (run.open() == 0) {
          break;
        }
      }
      if (usage) {
        ObjectNode last = frame(true);
        last.putArray("choices");
        last.set("usage", measured.usage());
        events.send(last.toString());
      }
      events.send(DONE);
    } catch (Problem e) {
      events.send(OpenAiErrors.of(e).toString());
      measured.failed(e);
    } catch (RuntimeException e) {
      Problem told =
          new Problem(
              500, "internal_error", "expected a whole answer, got a defect; the log says why");
      events.send(OpenAiErrors.of(told).toString());
      throw e;
    }
  }

  private void send(EventStream events, @Nullable ObjectNode choice, boolean told)
      throws IOException {
    if (choice != null) {
      ObjectNode chunk = frame(true);
      chunk.putArray("choices").add(choice);
      if (told) {
        chunk.putNull("usage"); // as the interface has it where the last chunk tells it
      }
      events.send(chunk.toString());
    }
  }

  private ObjectNode frame(boolean chunk) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", id);
    json.put("object", shape.object(chunk));
    json.put("created", created);
    json.put("model", model);
    return json;
  }

  /** A list of objects, as the interface wraps them. */
  static ObjectNode list(List<? extends ObjectNode> data) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("object", "list");
    ArrayNode array = json.putArray("data");
    data.forEach(array::add);
    return json;
  }
}
