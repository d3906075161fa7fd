package dev.heed.cli.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.OutputFile;
import dev.heed.explain.picture.Gallery;
import dev.heed.explain.picture.MechanismPicture;
import dev.heed.explain.picture.MechanismPictures;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed mechanisms gallery}: all mechanisms' patterns in one image. */
@Command(
    name = "gallery",
    description = "Draw all mechanisms in one image, each computed on the same small example.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "2:the command line was wrong",
      "3:the picture could not be written"
    },
    footer = {"", "Example:", "  heed mechanisms gallery --png mechanisms.png"})
public final class GalleryCommand extends HeedCommand {
  @Option(
      names = "--png",
      paramLabel = "FILE",
      required = true,
      description = "The image to write.")
  private @Nullable Path png;

  /** What {@code --json} prints. */
  private record Report(String file, List<String> mechanisms) {}

  @Override
  protected int run() {
    OutputFile.check("--png", png, ".png");
    Path file = java.util.Objects.requireNonNull(png);
    List<String> names = Catalogue.names();
    List<MechanismPicture> pictures = names.stream().map(MechanismPictures::of).toList();
    OutputFile.write("--png", file, () -> Gallery.draw(pictures));
    if (json()) {
      printJson(new Report(file.toString(), names));
    } else {
      err().println("wrote " + file);
    }
    return ExitStatus.OK;
  }
}
