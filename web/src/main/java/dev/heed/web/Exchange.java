package dev.heed.web;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request and its answer.
 *
 * <p>Used by the thread that answers, but for {@link #onLeave}, {@link #requireWaiting} and {@link
 * #gone}.
 */
public final class Exchange {
  private static final int CHUNK = 16_384;
  private static final String JSON = "application/json";

  private static final ThreadLocal<@Nullable Exchange> WORKED_ON = new ThreadLocal<>();

  private final Context context;
  private final WebSettings.Limits limits;
  private final Gate gate;
  private final GuardedEndPoint connection;
  private final List<Runnable> listeners = new ArrayList<>();
  private final long begun = System.nanoTime();
  private boolean gone;
  private boolean cut;
  private byte @Nullable [] body;
  private int held;

  Exchange(Context context, WebSettings.Limits limits, Gate gate, GuardedEndPoint connection) {
    this.context = context;
    this.limits = limits;
    this.gate = gate;
    this.connection = connection;
  }

  /** The method, for example {@code GET}. */
  public String method() {
    return context.method().name();
  }

  /** The path as it was sent, decoded. */
  public String path() {
    return context.path();
  }

  /** A part of the path, as a route's {@code {name}} says. */
  public String pathPart(String name) {
    return context.pathParam(name);
  }

  /** A value after the question mark, or null. */
  public @Nullable String query(String name) {
    return context.queryParam(name);
  }

  /** A header, or null. */
  public @Nullable String header(String name) {
    return context.header(name);
  }

  /** The address of the client's machine, or of what stands between. */
  public String address() {
    return context.ip();
  }

  /** How much of the time for the answer is left. */
  public Duration left() {
    return limits.workTime().minusNanos(System.nanoTime() - begun);
  }

  /** When the request came, as {@code System.nanoTime} tells it. */
  public long begun() {
    return begun;
  }

  /**
   * The body.
   *
   * @throws Problem 413 if it is too large, 429 if there is no room for it, 400 if it is cut
   */
  public byte[] body() {
    if (body == null) {
      body = read();
      connection.whole(limits.workTime());
    }
    return body;
  }

  private byte[] read() {
    long announced = context.req().getContentLengthLong();
    if (announced > limits.bodyBytes()) {
      throw tooLarge();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      InputStream in = context.req().getInputStream(); // left open: see UnreadBody
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (bytes.size() + n > limits.bodyBytes()) {
          throw tooLarge();
        }
        int more = Gate.kib(bytes.size() + (long) n) - held;
        gate.hold(more);
        held += more;
        bytes.write(chunk, 0, n);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new Problem(400, "incomplete_body", "body: expected all of it in time, got a part");
    }
  }

  private Problem tooLarge() {
    return new Problem(
        413, "body_too_large", "body: expected at most " + limits.bodyBytes() + " bytes, got more");
  }

  /**
   * The body as JSON.
   *
   * @throws Problem 415 for another type, 400 for what is no JSON, and as {@link #body}
   */
  public JsonNode json() {
    String type = context.req().getContentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(JSON)) {
      throw new Problem(
          415, "unsupported_media_type", "Content-Type: expected " + JSON + ", got another");
    }
    return RequestJson.parse(body());
  }

  /**
   * The body as a form with files.
   *
   * @throws Problem 415 for another type, 400 for what is no form, and as {@link #body}
   */
  public MultipartForm form() {
    return MultipartForm.parse(context.req().getContentType(), body());
  }

  /** Sets a header of the answer. */
  public void setHeader(String name, String value) {
    context.header(name, value);
  }

  /** Answers with a text, in UTF-8. */
  public void sendText(int status, String type, String text) {
    send(status, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with JSON. */
  public void sendJson(int status, JsonNode json) {
    send(status, JSON, JsonMapper.shared().writeValueAsBytes(json));
  }

  /** Answers with bytes. */
  public void send(int status, String type, byte[] bytes) {
    context.status(status).contentType(type).result(bytes);
  }

  /** Answers with a stream of events, until the page returns. */
  public EventStream events() throws IOException {
    context.status(200).contentType("text/event-stream; charset=utf-8");
    context.header("X-Accel-Buffering", "no");
    // the response's own: Javalin's does not hand a flush on
    return new EventStream(context.res().getOutputStream());
  }

  /** Whether the answer has begun, so that its status cannot be changed. */
  public boolean committed() {
    return context.res().isCommitted();
  }

  /**
   * Calls back when the client leaves before its answer is complete, its time is over, or the
   * server ends; at once if that has happened.
   */
  public void onLeave(Runnable listener) {
    synchronized (listeners) {
      if (!gone) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** The work of a page begins or, without an exchange, ends on this thread. */
  static void workOn(@Nullable Exchange exchange) {
    WORKED_ON.set(exchange);
  }

  /**
   * Ends the work of this thread if nobody waits for its answer any more; work that takes a while
   * calls it now and then. Does nothing on threads that answer nobody.
   *
   * @throws CancellationException if the client has left, or its time is over
   */
  public static void requireClient() {
    Exchange exchange = WORKED_ON.get();
    if (exchange != null) {
      exchange.requireWaiting();
    }
  }

  /**
   * The same for work on other threads than the one that answers.
   *
   * @throws CancellationException if nobody waits for the answer any more
   */
  public void requireWaiting() {
    if (gone()) {
      throw new CancellationException("nobody waits for the answer");
    }
  }

  /** Why an answer was given up: its client left, or the server ends. */
  public Problem whyGone() {
    synchronized (listeners) {
      return cut
          ? Gate.ending()
          : new Problem(499, "client_left", "expected a client that waits, got none");
    }
  }

  /** Whether nobody waits for the answer. */
  public boolean gone() {
    synchronized (listeners) {
      return gone;
    }
  }

  /** The server ends before the answer is complete. */
  void cut() {
    synchronized (listeners) {
      cut = true;
    }
    leave();
  }

  void leave() {
    List<Runnable> told;
    synchronized (listeners) {
      gone = true;
      told = List.copyOf(listeners);
      listeners.clear();
    }
    told.forEach(Runnable::run);
  }

  /** The answer is complete: what was held for it is free. */
  void end() {
    gate.drop(held);
    held = 0;
    body = null;
  }
}
