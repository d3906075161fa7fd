package dev.heed.vector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL of Debian's with pgvector, started for a test in a folder of its own, listening on
 * this machine alone.
 *
 * <p>{@code -Dheed.pgvector=true} says that it must be there, as on CI. Without it the tests are
 * left out, aloud, where there is none.
 */
final class PostgresServer implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  private final Path binaries;
  private final Path folder;
  private final String password;
  private final int port;

  private PostgresServer(Path binaries, Path folder, String password, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.password = password;
    this.port = port;
  }

  static PostgresServer start() throws IOException {
    Optional<Path> binaries = withPgvector();
    Assumptions.assumeTrue(
        binaries.isPresent() || Boolean.getBoolean("heed.pgvector"),
        "no PostgreSQL with pgvector below " + INSTALLED + ": .ci/pgvector installs it on Debian");
    Path folder = Files.createTempDirectory("heed-postgres");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PostgresServer server =
        new PostgresServer(binaries.orElseThrow(), folder, UUID.randomUUID().toString(), port);
    server.begin();
    return server;
  }

  /** The newest release that has the extension. */
  private static Optional<Path> withPgvector() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> releases = Files.list(INSTALLED)) {
      return releases
          .filter(release -> Files.exists(release.resolve("lib/vector.so")))
          .filter(release -> Files.isExecutable(release.resolve("bin/initdb")))
          .max(Comparator.comparingInt(at -> Integer.parseInt(String.valueOf(at.getFileName()))))
          .map(release -> release.resolve("bin"));
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void begin() throws IOException {
    Path secret = Files.writeString(folder.resolve("password"), password);
    if (isRoot()) {
      // PostgreSQL refuses to run as root.
      var owner =
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("postgres");
      Files.setOwner(folder, owner);
      Files.setOwner(secret, owner);
    }
    run("initdb", "-D", data(), "-U", "heed", "-A", "scram-sha-256", "--pwfile=" + secret, "-N");
    run(
        "pg_ctl",
        "-D",
        data(),
        "-w",
        "-l",
        folder.resolve("log").toString(),
        "-o",
        "-p " + port + " -k " + folder + " -c listen_addresses=127.0.0.1 -c fsync=off",
        "start");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private void run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile("heed-postgres", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(program + ": " + Files.readString(said, UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(program + ": interrupted", e);
    } finally {
      process.destroy();
      Files.delete(said);
    }
  }

  /**
   * Connections to its first database, whose searches go through an index wherever there is one.
   */
  DataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("heed");
    source.setPassword(password);
    source.setOptions("-c enable_seqscan=off");
    return source;
  }

  @Override
  public void close() {
    try {
      run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
