package dev.heed.cli.lock;

import dev.heed.checkpoint.FolderLock;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.HeedCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heed lock}: writes down the hashes of model folders. */
@Command(
    name = "lock",
    description = {
      "Write down the length and SHA-256 of every file of a model folder, into heed.lock in it.",
      "heed verify --lock tells later what has changed; heed serve --locked serves nothing else."
    },
    footer = {"", "Example:", "  heed lock my-model && heed verify --lock my-model"})
public final class LockCommand extends HeedCommand {
  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Model folders.")
  private List<Path> folders = List.of();

  /** What {@code --json} prints of each folder. */
  private record Locked(String folder, int files, long bytes) {}

  @Override
  protected int run() {
    List<Locked> all = new ArrayList<>();
    for (Path folder : folders) {
      FolderLock lock = FolderLock.of(folder);
      try {
        lock.write(folder);
      } catch (IOException e) {
        throw FileTrouble.of("DIR", folder, e);
      }
      long bytes = lock.files().values().stream().mapToLong(FolderLock.Entry::bytes).sum();
      all.add(new Locked(folder.toString(), lock.files().size(), bytes));
      if (!json()) {
        out().printf("%s: %d files, %d bytes%n", folder.toString(), lock.files().size(), bytes);
      }
    }
    if (json()) {
      printJson(all);
    }
    out().flush();
    return ExitStatus.OK;
  }
}
