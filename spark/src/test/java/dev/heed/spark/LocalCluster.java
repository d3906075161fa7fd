package dev.heed.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A standalone master and workers, each a process of its own on this machine, and a session of
 * theirs. The executors are further processes, which the workers start.
 */
final class LocalCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.util.calendar");

  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final String address;
  private final String classes;

  /**
   * Starts one.
   *
   * @param home an empty folder for all that it writes
   * @param workers each of a core
   */
  LocalCluster(Path home, int workers) throws IOException {
    this.home = home;
    this.classes = install();
    int port = freePort();
    this.address = "spark://" + HOST + ":" + port;
    start(
        "master",
        "org.apache.spark.deploy.master.Master",
        "--host",
        HOST,
        "--port",
        String.valueOf(port),
        "--webui-port",
        "0");
    awaitMaster(port);
    for (int i = 0; i < workers; i++) {
      start(
          "worker" + i,
          "org.apache.spark.deploy.worker.Worker",
          "--host",
          HOST,
          "--cores",
          "1",
          "--memory",
          "1g",
          "--webui-port",
          "0",
          "--work-dir",
          home.resolve("work" + i).toString(),
          address);
    }
  }

  /** Lays out a Spark home of this program's own class path, and gives what of it is no jar. */
  private String install() throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    List<String> folders = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (Files.isDirectory(path)) {
        folders.add(path.toString());
      } else if (Files.exists(path)) {
        Path link = jars.resolve(String.valueOf(path.getFileName()));
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, path);
        }
      }
    }
    return String.join(File.pathSeparator, folders);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  /**
   * Waits until the master listens: a session gives up after a minute, and a busy machine does not.
   */
  private void awaitMaster(int port) throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try (Socket socket = new Socket(HOST, port)) {
        return;
      } catch (ConnectException e) {
        if (System.nanoTime() > end || !processes.getFirst().isAlive()) {
          close();
          throw new IOException("expected a master at " + address + ", got none: " + logs(), e);
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  /** What a JVM needs for Spark and Heed. */
  static List<String> options() {
    List<String> options = new ArrayList<>();
    OPENED.forEach(name -> options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    options.add("--enable-native-access=ALL-UNNAMED");
    options.add("--add-modules=jdk.incubator.vector");
    return options;
  }

  private void start(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("OMP_NUM_THREADS"); // executors take Spark's number
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.redirectErrorStream(true).redirectOutput(home.resolve(name + ".log").toFile());
    processes.add(builder.start());
  }

  /** A session whose executors the workers start. */
  SparkSession session() {
    return SparkSession.builder()
        .master(address)
        .appName("heed")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", HOST)
        .config("spark.driver.bindAddress", HOST)
        .config("spark.executor.memory", "1g")
        .config("spark.executor.extraClassPath", classes)
        .config("spark.executor.extraJavaOptions", String.join(" ", options()))
        .config("spark.sql.warehouse.dir", home.resolve("warehouse").toString())
        .getOrCreate();
  }

  /** The processes that do the work. */
  List<ProcessHandle> executors() {
    return processes.stream()
        .flatMap(process -> process.toHandle().descendants())
        .filter(process ->
            process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** What the cluster's processes printed. */
  String logs() {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(path -> path.toString().matches(".*(log|stderr)")).toList()) {
        List<String> lines = Files.readAllLines(file);
        all.append(file.getFileName()).append(":\n");
        lines
            .subList(Math.max(0, lines.size() - 20), lines.size())
            .forEach(line -> all.append("  ").append(line).append('\n'));
      }
    } catch (IOException e) {
      all.append(e);
    }
    return all.toString();
  }

  @Override
  public void close() {
    for (Process process : processes.reversed()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    for (Process process : processes) {
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> jars = Files.list(home.resolve("jars"))) {
      for (Path link : jars.toList()) {
        Files.delete(link);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
