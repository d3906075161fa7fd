package dev.heed.cli.explore;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ModelOption;
import dev.heed.cli.UsageException;
import dev.heed.explorer.Explorer;
import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed explore}: a page on this machine, until the process is told to end. */
@Command(
    name = "explore",
    description = {
      "Look into models in the browser: hover over a word to see what it attends to, in every layer"
          + " and head.",
      "It listens on this machine only and asks nothing of any other."
    },
    footer = {"", "Examples:", "  heed explore", "  heed explore --model my-model --port 8090"})
public final class ExploreCommand extends HeedCommand {
  private static final String EMBEDDED = "all-MiniLM-L6-v2";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A further checkpoint folder beside the all-MiniLM-L6-v2 that Heed carries; repeatable.")
  private List<Path> folders = List.of();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "0 takes any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--training",
      paramLabel = "DIR",
      description =
          "The folder of a training run, as heed train --out names it, to watch while it goes on;"
              + " repeatable.")
  private List<Path> training = List.of();

  /** Where it is reached, for programs. */
  private record Started(String address, List<String> models) {}

  @Override
  protected int run() throws IOException, InterruptedException {
    // what the libraries tell of their work is not for the user; what goes wrong is
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    Explorer explorer = Explorer.start(settings(), models(), runs());
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(explorer::close));
    if (json()) {
      printJson(new Started(explorer.address(), explorer.models()));
    } else {
      out().println("Explore at " + explorer.address() + "; Ctrl+C ends it.");
      out().flush();
    }
    new CountDownLatch(1).await();
    return ExitStatus.OK;
  }

  private WebSettings settings() {
    try {
      return WebSettings.local(port);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private SequencedMap<String, Path> runs() {
    SequencedMap<String, Path> runs = new LinkedHashMap<>();
    for (Path folder : training) {
      if (!Files.isDirectory(folder)) {
        throw new UsageException("--training: expected a folder, got " + folder);
      }
      if (runs.putIfAbsent(name(folder), folder) != null) {
        throw new UsageException(
            "--training: expected folders of different names, got two that are called "
                + name(folder));
      }
    }
    return runs;
  }

  private static String name(Path folder) {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  private SequencedMap<String, ModelFiles> models() {
    SequencedMap<String, ModelFiles> models = new LinkedHashMap<>();
    models.put(EMBEDDED, ModelFiles.embedded());
    for (Path folder : folders) {
      ModelFiles files = ModelOption.files("--model", folder);
      String name = name(folder);
      if (models.putIfAbsent(name, files) != null) {
        throw new UsageException(
            "--model: expected folders of different names, got two that are called " + name);
      }
    }
    return models;
  }
}
