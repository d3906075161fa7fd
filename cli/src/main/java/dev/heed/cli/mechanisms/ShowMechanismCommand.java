package dev.heed.cli.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.OutputFile;
import dev.heed.cli.UsageException;
import dev.heed.picture.mechanism.MechanismPicture;
import dev.heed.picture.mechanism.MechanismPictures;
import dev.heed.picture.mechanism.PictureImage;
import dev.heed.picture.mechanism.PicturePage;
import dev.heed.picture.mechanism.PictureText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed mechanisms show}: one mechanism's idea, formula, options, cost and picture. */
@Command(
    name = "show",
    description = "Show one mechanism: idea, formula, options, cost, source, and what it does.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "2:the command line was wrong, or there is no such mechanism",
      "3:a picture could not be written"
    },
    footer = {
      "",
      "Example:",
      "  heed mechanisms show longformer",
      "  heed mechanisms show mamba --png mamba.png"
    })
public final class ShowMechanismCommand extends HeedCommand {
  private static final int LINE = 96;

  @Parameters(
      paramLabel = "NAME",
      description = "A name that `heed mechanisms` lists, in any case, or another name of it.")
  private String name = "";

  @Option(names = "--png", paramLabel = "FILE", description = "Write the picture as an image.")
  private @Nullable Path png;

  @Option(names = "--html", paramLabel = "FILE", description = "Write text and picture as a page.")
  private @Nullable Path html;

  /** What {@code --json} prints. */
  private record Report(
      String name,
      String title,
      Map<String, String> parts,
      String example,
      List<PanelReport> panels) {}

  @Override
  protected int run() {
    OutputFile.check("--html", html, ".html");
    OutputFile.check("--png", png, ".png");
    Page page = page(name);
    MechanismPicture picture = MechanismPictures.of(page.name());
    if (json()) {
      printJson(
          new Report(
              page.name(), page.title(), page.lines(), picture.example(), PanelReport.of(picture)));
    } else {
      print(page, picture);
    }
    if (png != null) {
      OutputFile.write("--png", png, () -> PictureImage.draw(picture));
      err().println("wrote " + png);
    }
    if (html != null) {
      OutputFile.write(
          "--html",
          html,
          () ->
              PicturePage.write(page.title(), page.paragraphs(), picture)
                  .getBytes(StandardCharsets.UTF_8));
      err().println("wrote " + html);
    }
    return ExitStatus.OK;
  }

  private void print(Page page, MechanismPicture picture) {
    out().printf("%s%n", page.title());
    page.parts()
        .keySet()
        .forEach(part ->
            out().printf("%n%s%n%s%n", part, page.wrapped(part, Math.min(LINE, columns()))));
    out().println();
    out().styled(new PictureText(colour(), columns()).draw(picture));
    out().flush();
  }

  private static Page page(String name) {
    List<Page> called = Catalogue.called(name);
    if (called.isEmpty()) {
      throw Catalogue.unknown(name);
    }
    if (called.size() > 1) {
      throw new UsageException(
          "several mechanisms are called "
              + name
              + ": "
              + String.join(", ", called.stream().map(Page::name).toList())
              + "; name one of them");
    }
    return called.getFirst();
  }
}
