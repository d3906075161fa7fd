package dev.heed.cli.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.OutputFile;
import dev.heed.picture.mechanism.Gallery;
import dev.heed.picture.mechanism.Gallery.Entry;
import dev.heed.picture.mechanism.Gallery.Theme;
import dev.heed.picture.mechanism.MechanismPictures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed mechanisms gallery}: all mechanisms' patterns, a page for each theme. */
@Command(
    name = "gallery",
    description = {
      "Draw all mechanisms, each computed on the same small example: a page for each theme.",
      "",
      "The first page is written to the file that --png names, the others beside it with their"
          + " numbers: mechanisms.png, mechanisms-2.png and so on."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "2:the command line was wrong",
      "3:a picture could not be written"
    },
    footer = {"", "Example:", "  heed mechanisms gallery --png mechanisms.png"})
public final class GalleryCommand extends HeedCommand {
  @Option(
      names = "--png",
      paramLabel = "FILE",
      required = true,
      description = "The first page's image.")
  private @Nullable Path png;

  /** What {@code --json} prints. */
  private record Report(List<String> files, List<String> mechanisms) {}

  @Override
  protected int run() {
    OutputFile.check("--png", png, ".png");
    Path first = java.util.Objects.requireNonNull(png);
    List<Theme> themes =
        Catalogue.themes().entrySet().stream()
            .map(theme -> new Theme(theme.getKey(), entries(theme.getValue())))
            .toList();
    List<byte[]> pages = Gallery.pages(themes);
    List<String> written = new ArrayList<>();
    for (int i = 0; i < pages.size(); i++) {
      Path file = file(first, i + 1);
      byte[] page = pages.get(i);
      OutputFile.write("--png", file, () -> page);
      written.add(file.toString());
    }
    if (json()) {
      printJson(new Report(written, Catalogue.names()));
    } else {
      written.forEach(file -> err().println("wrote " + file));
    }
    return ExitStatus.OK;
  }

  private static List<Entry> entries(List<Page> pages) {
    return pages.stream()
        .map(page -> new Entry(page.title(), MechanismPictures.of(page.name())))
        .toList();
  }

  /** The file itself, or beside it the one with a page's number. */
  private static Path file(Path first, int page) {
    String name = String.valueOf(first.getFileName());
    String stem = name.substring(0, name.length() - ".png".length());
    return page == 1 ? first : first.resolveSibling(stem + "-" + page + ".png");
  }
}
