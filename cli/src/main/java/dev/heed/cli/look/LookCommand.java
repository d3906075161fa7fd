package dev.heed.cli.look;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ModelOption;
import dev.heed.cli.OutputFile;
import dev.heed.cli.UsageException;
import dev.heed.explain.AttentionCapture;
import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.LatentReading;
import dev.heed.explain.MapCheck;
import dev.heed.explain.MapMethod;
import dev.heed.explain.TerminalView;
import dev.heed.explain.image.ImageCapture;
import dev.heed.explain.image.ImageFocus;
import dev.heed.explain.image.ImageTerminal;
import dev.heed.model.ModelFiles;
import dev.heed.picture.HtmlPage;
import dev.heed.picture.ImagePage;
import dev.heed.picture.ImagePicture;
import dev.heed.picture.PngPicture;
import dev.heed.tensor.ShapeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heed look}: reads a text, or an image, and shows what its parts attend to. */
@Command(
    name = "look",
    description = {
      "Show what the words of a text, or the patches of an image, attend to in a pretrained model.",
      "",
      "A word is shown in the head that is most selective for it. Many heads attend by place, or to"
          + " one word from everywhere. So selective is a head that gives another word more than"
          + " other words give that one, and more than it gives at that distance elsewhere, on"
          + " average. It is the best case among all heads, not the rule: the mean of all heads"
          + " stands beside it.",
      "",
      "Of an image it shows what the class token attends to, or the patch that --patch names: in"
          + " the mean of the heads of the last layer, or where --layer and --head say."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "2:the command line was wrong",
      "3:the text or the model could not be used, or a picture not be written"
    },
    footer = {
      "",
      "Example:",
      "  heed look \"The animal didn't cross the street because it was too tired.\"",
      "  heed look \"The food was good, the service slow.\" --word slow --to service",
      "  heed look \"He gave her the book.\" --word book --layer 3 --head 1 --png a.png",
      "  heed look \"He gave her the book.\" --method rollout",
      "  heed look --model vit cat.jpg --patch 3,7 --html cat.html",
      "  heed look --model wav2vec2-base-960h voice.wav --word 0.40",
      "  heed look --model opus-mt-en-fr \"The cat sat.\" --target \"Le chat était assis.\""
    })
public final class LookCommand extends HeedCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description =
          "The text to read, or the name of an image (.png, .jpg) or a sound (.wav, .flac), of"
              + " which moments are shown. Without one, what the inputs recorded in a folder's"
              + " golden.safetensors attend to.")
  private @Nullable String given;

  /** What was given. */
  private String text = "";

  @Mixin private LookOptions options = new LookOptions();

  @Mixin private ModelOption model = new ModelOption();

  @Override
  protected int run() {
    OutputFile.check("--html", options.html, ".html");
    OutputFile.check("--png", options.png, ".png");
    if (given == null) {
      lookAtRecording();
      return ExitStatus.OK;
    }
    text = given;
    if (ImageLook.isImage(text)) {
      lookAtImage();
      return ExitStatus.OK;
    }
    options.requireForText(text);
    ModelFiles files = model.files();
    if (SoundLook.isSound(text)) {
      if (model.isEmbedded()) {
        throw new UsageException("--model: expected the folder of a model that hears, got none");
      }
      Seen seen =
          Seen.sound(SoundLook.read(files, Path.of(text), options.target, err()), options.target);
      show(files, text, seen, OtherLayers.NONE, view -> null);
      return ExitStatus.OK;
    }
    if (LatentReading.isOf(files)) {
      if (options.target != null || options.method != null) {
        throw new UsageException(
            "--target, --method: expected a model whose words attend, got one that reads by"
                + " latents");
      }
      show(files, text, latents(files), OtherLayers.NONE, view -> null);
      return ExitStatus.OK;
    }
    try (AttentionCapture capture = open(files)) {
      String read = beginning(capture);
      show(
          files,
          read,
          seen(capture, read),
          OtherLayers.of(capture, read),
          view -> check(files, capture, read, view));
    }
    return ExitStatus.OK;
  }

  private Seen latents(ModelFiles files) {
    try {
      return Seen.latents(LatentReading.read(files, text), text, options.pieces);
    } catch (ShapeException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  private Seen seen(AttentionCapture capture, String read) {
    if (options.target == null) {
      return Seen.text(capture.read(read), read, options.pieces);
    }
    try {
      return Seen.text(
          capture.readAcross(read, options.target), read, options.target, options.pieces);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  private void lookAtRecording() {
    ModelFiles files = model.files();
    Path recording = files.file(RecordedLook.RECORDING);
    if (recording == null) {
      throw new UsageException("Missing required parameter: 'TEXT'");
    }
    options.requireForRecording();
    RecordedLook look = RecordedLook.of(files, recording);
    if (options.layer != null) {
      LookOptions.below("layer", options.layer, look.maps().size());
    }
    if (json()) {
      printJson(look);
    } else {
      look.print(out(), columns(), options.layer, options.head);
      out().flush();
    }
  }

  private AttentionCapture open(ModelFiles files) {
    try {
      return AttentionCapture.open(files);
    } catch (CheckpointException e) {
      if (ImageCapture.seesImages(files)) {
        err().println("heed: this model sees images: give the name of a .png or .jpg file");
      } else if (SoundLook.hears(files)) {
        err().println("heed: this model hears: give the name of a .wav or .flac file");
      }
      throw e;
    }
  }

  private @Nullable MapCheck check(
      ModelFiles files, AttentionCapture capture, String read, AttentionView view) {
    return options.method == null
        ? null
        : MethodLook.check(
            files, capture, read, options.pieces, MethodLook.named(options.method), view.focus());
  }

  private void show(
      ModelFiles files,
      String read,
      Seen seen,
      OtherLayers others,
      Function<AttentionView, @Nullable MapCheck> checks) {
    AttentionView view = options.view(seen.title(files.describe()), seen.drawn());
    MapCheck check = checks.apply(view);
    if (json()) {
      MethodLook.Report measured =
          check == null ? null : MethodLook.Report.of(check, view.map().labels());
      printJson(LookReport.of(files.describe(), read, seen.exact(), view, others, measured));
    } else {
      if (check == null || check.method() == MapMethod.RAW) {
        print(view, seen);
      } else {
        MethodLook.bars(check, view.map(), view.focus()).forEach(out()::println);
      }
      if (check != null) {
        MethodLook.evidence(check).forEach(out()::println);
      }
      others.lines(view, seen.exact()).forEach(out()::println);
      out().flush();
    }
    keep(view);
  }

  private void lookAtImage() {
    options.requireForImage();
    if (model.isEmbedded()) {
      throw new UsageException(
          "--model: expected the folder of a model that sees images, got none");
    }
    ModelFiles files = model.files();
    ImageFocus focus =
        new ImageLook(Path.of(text), options.patch, options.layer, options.head).focus(files);
    String title = ImageLook.title(files, focus);
    if (json()) {
      printJson(ImageReport.of(files.describe(), text, focus));
    } else {
      out().styled(new ImageTerminal(colour(), columns()).draw(title, focus));
      out().flush();
    }
    keep(() -> ImagePage.write(title, focus), () -> ImagePicture.draw(title, focus));
  }

  /** What the model can read of the text; the user is told if that is not all. */
  private String beginning(AttentionCapture capture) {
    String read = capture.beginning(text);
    if (read.length() < text.length()) {
      err()
          .printf(
              "heed: the text is longer than the %d tokens that the model reads: cut after"
                  + " \"%s\"%n",
              capture.longest(), read.substring(Math.max(0, read.length() - 30)));
    }
    return read;
  }

  private void print(AttentionView view, Seen seen) {
    out().styled(new TerminalView(colour(), columns()).draw(view));
    if (seen.isMerged()) {
      out().printf("%nWords of several tokens: their rows averaged, their columns summed.");
      out().printf(" See --pieces.%n");
    }
    if (view.unknown() != null && model.isEmbedded()) {
      out().println("all-MiniLM-L6-v2 reads English; name another model by --model.");
    }
    out().flush();
  }

  /** Pictures to keep show the head's map in any case. */
  private void keep(AttentionView view) {
    AttentionView picture = view.with(Option.HEAT_MAP);
    keep(() -> HtmlPage.write(picture), () -> PngPicture.draw(picture));
  }

  private void keep(Supplier<String> page, Supplier<byte[]> picture) {
    if (options.html != null) {
      OutputFile.write("--html", options.html, () -> page.get().getBytes(StandardCharsets.UTF_8));
      err().println("wrote " + options.html);
    }
    if (options.png != null) {
      OutputFile.write("--png", options.png, picture);
      err().println("wrote " + options.png);
    }
  }
}
