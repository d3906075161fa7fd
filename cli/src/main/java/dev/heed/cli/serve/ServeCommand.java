package dev.heed.cli.serve;

import dev.heed.checkpoint.FolderLock;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ModelOption;
import dev.heed.cli.UsageException;
import dev.heed.server.HeedServer;
import dev.heed.server.ServerSettings;
import dev.heed.tensor.DType;
import dev.heed.web.AccessKey;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed serve}: models behind OpenAI's HTTP interface, until the process is told to end. */
@Command(
    name = "serve",
    description = {
      "Serve models over HTTP as OpenAI's interface does: chats, completions, embeddings and more;"
          + " its clients work unmodified.",
      "It listens on this machine only, unless --host says otherwise, and then asks for a key,"
          + " which HEED_KEY or --key-file gives. On TERM and INT it ends what has begun, and then"
          + " itself."
    },
    footer = {
      "",
      "Examples:",
      "  heed serve --model my-model",
      "  curl http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' \\",
      "    -d '{\"model\":\"my-model\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'",
      "  HEED_KEY=$(openssl rand -hex 32) heed serve --model my-model --host 0.0.0.0"
    })
public final class ServeCommand extends HeedCommand {
  private static final String KEY_VARIABLE = "HEED_KEY";

  @Option(
      names = "--model",
      arity = "1..*",
      paramLabel = "DIR",
      description = "Model folders or files, each served under its own name.")
  private List<Path> models = List.of();

  @Option(
      names = "--shelf",
      paramLabel = "DIR",
      description = "A folder of model folders, to be taken in and out by name as it runs.")
  private @Nullable Path shelf;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "0 takes any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "The key that clients must have.")
  private @Nullable Path keyFile;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description = "A further name that clients may call the server by; repeatable.")
  private List<String> hostNames = List.of();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, bf16 or f16 (default: as stored).")
  private @Nullable DType dtype;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "16",
      description = "Texts that a model writes side by side (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "32768",
      description =
          "Tokens of all texts that a model writes at once, with prompts (default:"
              + " ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "1024",
      description =
          "Of a chat's answer, where neither the request nor the model says (default:"
              + " ${DEFAULT-VALUE}).")
  private int longest;

  @Option(
      names = "--remember",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Prompts of which a model keeps what it computed; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int remembered;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "128",
      description = "Requests that run or wait; further ones get 429 (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "For an answer, waiting included (default: ${DEFAULT-VALUE}).")
  private int deadline;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      description =
          "For what has begun, when it is told to end (default: as --deadline, so that nothing is"
              + " cut).")
  private @Nullable Integer drain;

  @Option(
      names = "--locked",
      description = "Serve only folders whose files are those of their heed.lock (heed lock).")
  private boolean locked;

  @Option(
      names = "--offline",
      description =
          "Open no socket but the one that it listens at. It never does, with the option or"
              + " without.")
  @SuppressWarnings("UnusedVariable") // nothing is different without it
  private boolean offline;

  /** Where it is reached, for programs. */
  private record Started(String address, List<String> models) {}

  @Override
  protected int run() throws IOException, InterruptedException {
    if (models.isEmpty() && shelf == null) {
      throw new UsageException("expected --model DIR or --shelf DIR, got neither");
    }
    // what the libraries tell of their work is not for the user; what goes wrong is
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    models.forEach(model -> ModelOption.files("--model", model));
    if (locked && shelf != null) {
      throw new UsageException("--locked: expected --model alone, got --shelf as well");
    }
    if (locked) {
      models.forEach(FolderLock::require);
    }
    HeedServer server = HeedServer.start(settings(), models);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
    if (json()) {
      printJson(new Started(server.address(), server.models()));
    } else {
      out()
          .println(
              "Serving "
                  + String.join(", ", server.models())
                  + " at "
                  + server.address()
                  + "/v1; Ctrl+C ends it.");
      out().flush();
    }
    new CountDownLatch(1).await();
    return ExitStatus.OK;
  }

  private ServerSettings settings() {
    try {
      WebSettings.Limits usual = WebSettings.Limits.USUAL;
      WebSettings.Limits limits =
          usual
              .withWork(requests)
              .withTimes(
                  usual.readTime(),
                  usual.idleTime(),
                  Duration.ofSeconds(deadline),
                  Duration.ofSeconds(drain == null ? deadline : drain));
      return new ServerSettings(
          new WebSettings(host, port, key(), hostNames, limits),
          batch,
          tokens,
          longest,
          remembered,
          dtype,
          shelf);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable AccessKey key() {
    if (keyFile != null) {
      try {
        return AccessKey.of(Files.readString(keyFile).strip());
      } catch (IOException e) {
        throw FileTrouble.of("--key-file", keyFile, e);
      }
    }
    String given = System.getenv(KEY_VARIABLE);
    return given == null || given.isEmpty() ? null : AccessKey.of(given.strip());
  }
}
