package dev.heed.server;

import dev.heed.generate.chat.ChatTemplate;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model that is served, by what it can do.
 *
 * @param name as clients call it
 * @param created when it was taken in, in seconds since 1970
 * @param writing if it writes
 * @param template if it chats
 * @param constraints forms of its texts
 * @param reading if it makes vectors, judges pairs or classifies, or hears
 */
record ServedModel(
    String name,
    long created,
    @Nullable WritingQueue writing,
    @Nullable ChatTemplate template,
    @Nullable Constraints constraints,
    @Nullable ReadingModel reading)
    implements AutoCloseable {

  WritingQueue requireWriting() {
    return require(ServedModel::writing, "a model that writes");
  }

  Constraints requireConstraints() {
    return require(ServedModel::constraints, "a model that writes");
  }

  ChatTemplate requireTemplate() {
    requireWriting();
    return require(
        ServedModel::template, "a model with a chat template; others write at /v1/completions");
  }

  /**
   * What it reads with, if that is of a kind.
   *
   * @param expected for the message
   */
  <T> T requireReading(Class<T> kind, String expected) {
    return require(
        model ->
            model.reading() != null && kind.isInstance(model.reading().task())
                ? kind.cast(model.reading().task())
                : null,
        expected);
  }

  /**
   * Reads, in turn.
   *
   * @throws Problem 504 if it is late; 499 or 503 if it was given up
   */
  <T> T call(Exchange exchange, String client, Supplier<T> work) throws InterruptedException {
    return require(ServedModel::reading, "a model that reads").call(exchange, client, work);
  }

  private <T> T require(Function<ServedModel, @Nullable T> part, String expected) {
    return Optional.ofNullable(part.apply(this))
        .orElseThrow(() ->
            Problem.ofParameter(
                "model",
                "model_not_suited",
                "model: expected " + expected + ", got one that " + abilities()));
  }

  private String abilities() {
    List<String> all = new ArrayList<>();
    if (writing != null) {
      all.add(template == null ? "writes" : "writes and chats");
    }
    if (reading != null) {
      all.add(reading.ability());
    }
    return String.join(" and ", all);
  }

  @Override
  public void close() {
    if (writing != null) {
      writing.close();
    }
    if (reading != null) {
      reading.close();
    }
  }
}
