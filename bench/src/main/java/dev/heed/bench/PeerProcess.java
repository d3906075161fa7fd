package dev.heed.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer in a process of its own, asked over a local connection: its native libraries meet no
 * others, and where it fails the benchmark goes on.
 */
public final class PeerProcess implements AutoCloseable {
  private static final String PORT = "heed.bench.port";
  private static final int START_MILLISECONDS = 120_000;
  private static final int POLL_MILLISECONDS = 200;

  private final Process process;
  private final Socket socket;
  private final DataOutputStream to;
  private final DataInputStream from;

  private PeerProcess(Process process, Socket socket) throws IOException {
    this.process = process;
    this.socket = socket;
    this.to = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    this.from = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /**
   * Starts a class's {@code main}, which calls {@link #serve}.
   *
   * @throws IOException if it ends before it is ready, with what became of it
   */
  public static PeerProcess start(Class<?> main, String... arguments) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("-XX:+SuppressFatalErrorMessage");
      command.add("-D" + PORT + "=" + server.getLocalPort());
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(main.getName());
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return new PeerProcess(process, accept(server, process, main));
      } catch (IOException e) {
        process.destroy();
        throw e;
      }
    }
  }

  private static Socket accept(ServerSocket server, Process process, Class<?> main)
      throws IOException {
    server.setSoTimeout(POLL_MILLISECONDS);
    for (int waited = 0; waited < START_MILLISECONDS; waited += POLL_MILLISECONDS) {
      try {
        return server.accept();
      } catch (SocketTimeoutException e) {
        if (!process.isAlive()) {
          throw new IOException(
              main.getSimpleName() + " ended with status " + process.exitValue() + " at its start",
              e);
        }
      }
    }
    throw new IOException(main.getSimpleName() + " did not start in time");
  }

  /** What the other process reads. */
  public DataOutputStream to() {
    return to;
  }

  /** What it writes. */
  public DataInputStream from() {
    return from;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroy();
    }
  }

  /** How a peer answers. */
  @FunctionalInterface
  public interface Answer {
    /** Reads a question and writes its answer. */
    void to(DataInputStream question, DataOutputStream answer) throws Exception;
  }

  /** Tells the process that started this one that it is ready, and answers until that has ended. */
  public static void serve(Answer answer) throws Exception {
    int port = Integer.getInteger(PORT);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      DataOutputStream to =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      DataInputStream from = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      while (true) {
        answer.to(from, to);
        to.flush();
      }
    }
  }
}
