package dev.heed.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process: it says where it listens, and on TERM it ends what has begun. */
@Tag("integration")
class ServeCommandTest {
  private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

  @TempDir Path folder;

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void term_lets_what_has_begun_end_and_takes_nothing_new() throws Exception {
    ServeProcess.write(folder);
    Process process = ServeProcess.start(folder, "2");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String address = ServeProcess.address(process);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + "/v1/completions"))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      """
                      {"model":"%s","prompt":"w5 w9","max_tokens":600,"temperature":1,"seed":1,
                       "logit_bias":{"2":-100}}
                      """
                          .replace("%s", String.valueOf(folder.getFileName()))))
              .build();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
      }
      HttpRequest metrics = HttpRequest.newBuilder(URI.create(address + "/metrics")).build();
      String state = "";
      while (!state.contains("heed_texts_running 2\n") // two are written, one waits
          || !state.contains("heed_texts_waiting 1\n")) {
        assertThat(answers).as("they are still being written").noneMatch(Future::isDone);
        state =
            client
                .send(metrics, HttpResponse.BodyHandlers.ofString())
                .body()
                .replaceAll("\\{.*}", "");
      }
      assertNoOtherSocket(process.pid(), URI.create(address).getPort());
      process.destroy(); // TERM
      HttpRequest ready = HttpRequest.newBuilder(URI.create(address + "/ready")).build();
      while (client.send(ready, HttpResponse.BodyHandlers.ofString()).statusCode() != 503) {
        assertThat(answers).as("they are still being written").noneMatch(Future::isDone);
      }
      HttpResponse<String> refused = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(answers).as("they are still being written").noneMatch(Future::isDone);
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(answer.join().body()).contains("\"completion_tokens\":600");
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(128 + 15);
      assertThat(client.sendAsync(metrics, HttpResponse.BodyHandlers.ofString()))
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableThat()
          .withCauseInstanceOf(ConnectException.class);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Every call to the network of a server's whole life, as strace sees them: it binds its own port
   * and asks nobody. {@code -Dheed.strace=true} says that strace must be there, as on CI; without
   * it the test is left out, aloud, where there is none.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void it_never_calls_anybody() throws Exception {
    Path strace = Path.of("/usr/bin/strace");
    Assumptions.assumeTrue(
        Files.isExecutable(strace) || Boolean.getBoolean("heed.strace"),
        "no strace: install Debian's to watch what a server calls");
    ServeProcess.write(folder);
    Path calls = folder.resolve("calls.txt");
    Process process =
        ServeProcess.start(
            folder,
            "2",
            strace.toString(),
            "-f",
            "-qq",
            "--seccomp-bpf",
            "-e",
            "trace=connect,bind,sendto,sendmsg,sendmmsg",
            "-e",
            "signal=none",
            "-o",
            calls.toString());
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create(ServeProcess.address(process));
      HttpRequest request =
          HttpRequest.newBuilder(address.resolve("/v1/completions"))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"model\":\"%s\",\"prompt\":\"w5 w9\",\"max_tokens\":5}"
                          .replace("%s", String.valueOf(folder.getFileName()))))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      process.descendants().forEach(ProcessHandle::destroy); // TERM
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      List<String> outward =
          Files.readAllLines(calls).stream().filter(call -> call.contains("AF_INET")).toList();
      assertThat(outward)
          .as("calls that name an address")
          .isNotEmpty()
          .allMatch(call -> call.contains(" bind("))
          .allMatch(call ->
              call.contains("htons(" + address.getPort() + ")") || call.contains("htons(0)"))
          .allMatch(call -> call.contains("127.0.0.1"));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Of all sockets of a process, each is at the port that it listens at: it asks nobody. */
  private static void assertNoOtherSocket(long process, int port) throws IOException {
    Path own = Path.of("/proc", Long.toString(process));
    if (!Files.isDirectory(own)) {
      return; // macOS tells of sockets in other ways
    }
    Set<String> inodes = new HashSet<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(own.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Matcher socket = SOCKET.matcher(link(descriptor));
        if (socket.matches()) {
          inodes.add(socket.group(1));
        }
      }
    }
    int found = 0;
    for (String table : List.of("tcp", "tcp6", "udp", "udp6", "raw", "raw6")) {
      Path file = own.resolve("net").resolve(table);
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
        String[] columns = line.strip().split("\\s+");
        if (inodes.contains(columns[9])) {
          String local = columns[1].substring(columns[1].lastIndexOf(':') + 1);
          assertThat(table).as("only TCP").startsWith("tcp");
          assertThat(Integer.parseInt(local, 16)).as("local port of %s", line).isEqualTo(port);
          found++;
        }
      }
    }
    assertThat(found).as("the listening socket and the client's").isGreaterThanOrEqualTo(2);
  }

  private static String link(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  @Test
  void what_is_not_safe_or_missing_is_refused() {
    CommandRun open =
        CommandRun.heed("serve", "--model", ServeProcess.MODEL.toString(), "--host", "0.0.0.0");
    assertThat(open.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(open.err()).contains("expected a key for an address that other machines reach");
    assertThat(CommandRun.heed("serve").err()).contains("expected --model DIR or --shelf DIR");
    CommandRun missing = CommandRun.heed("serve", "--model", "no-such-folder");
    assertThat(missing.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(missing.err()).contains("--model: no such folder: no-such-folder");
  }
}
