package dev.heed.cli.verify;

import dev.heed.checkpoint.FolderLock;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Folders held to their locks.
 *
 * @param folders each with a {@code heed.lock}
 */
record LockedFolders(List<Path> folders) {
  /** What {@code --json} prints of each folder. */
  private record Report(String folder, boolean passed, List<FolderLock.Difference> differences) {}

  /**
   * Compares all and tells.
   *
   * @param json takes the report instead, where it is asked for
   * @return {@link ExitStatus#CHECK_FAILED} if any file differs
   */
  int report(Output out, @Nullable Consumer<Object> json) {
    List<Report> reports = new ArrayList<>();
    for (Path folder : folders) {
      List<FolderLock.Difference> differences =
          FolderLock.read(folder).differences(FolderLock.of(folder));
      reports.add(new Report(folder.toString(), differences.isEmpty(), differences));
      if (json == null) {
        out.printf("%s  %s%n", differences.isEmpty() ? "passed" : "FAILED", folder.toString());
        for (FolderLock.Difference one : differences) {
          String change = one.change().name().toLowerCase(Locale.ROOT);
          out.printf("  %-7s  %s%n", change, one.path());
        }
      }
    }
    if (json != null) {
      json.accept(reports);
    }
    out.flush();
    return reports.stream().allMatch(Report::passed) ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }
}
