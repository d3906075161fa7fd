package dev.heed.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends what no library would. */
final class RawRequest implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;

  RawRequest(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** Sends a text as it is. */
  RawRequest send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** What comes until the server closes. */
  String rest() throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What comes until a text stands in it. */
  String until(String text) throws IOException {
    StringBuilder got = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (got.indexOf(text) < 0) {
      int next = in.read();
      if (next < 0) {
        return got + "<closed>";
      }
      got.append((char) next);
    }
    return got.toString();
  }

  /** A request, its answer until the server closes. */
  static String ask(int port, String request) throws IOException {
    try (RawRequest raw = new RawRequest(port)) {
      return raw.send(request).rest();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
