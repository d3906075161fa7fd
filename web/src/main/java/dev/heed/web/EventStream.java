package dev.heed.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events (WHATWG HTML, section 9.2): an answer that comes in pieces. */
public final class EventStream {
  private final OutputStream out;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /**
   * Sends an event.
   *
   * @param data any text; its lines stay lines
   * @throws IOException if the client has left or does not read
   */
  public void send(String data) throws IOException {
    StringBuilder event = new StringBuilder();
    data.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
    write(event.append('\n').toString());
  }

  /**
   * Sends an event with a name.
   *
   * @throws IOException if the client has left or does not read
   */
  public void send(String name, String data) throws IOException {
    write("event: " + name.replaceAll("\\s", " ") + "\n");
    send(data);
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
