package dev.heed.cli.look;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.GivenText;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ModelOption;
import dev.heed.cli.OutputFile;
import dev.heed.cli.UsageException;
import dev.heed.explain.AttentionCapture;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.Focus;
import dev.heed.explain.FocusChoice;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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

  @CommandLine.Option(
      names = "--word",
      paramLabel = "WORD",
      description =
          "The word in focus; the:2 is the second \"the\" (default: a pronoun, else a word of"
              + " several meanings, else what is said of something, else the word with the most"
              + " selective head).")
  private @Nullable String word;

  @CommandLine.Option(
      names = "--to",
      paramLabel = "WORD",
      description = "Show the head most selective for the word in focus and this one.")
  private @Nullable String to;

  @CommandLine.Option(
      names = "--target",
      paramLabel = "TEXT",
      description =
          "A text that the model, one that reads and writes, is made to write: shows what its words"
              + " attend to in what is read. --word is of it, --to of what is read.")
  private @Nullable String target;

  @CommandLine.Option(
      names = "--layer",
      paramLabel = "L",
      description = "A layer, from 0; with --head, but for images.")
  private @Nullable Integer layer;

  @CommandLine.Option(
      names = "--head",
      paramLabel = "H",
      description = "Draw this head's map, from 0; with --layer.")
  private @Nullable Integer head;

  @CommandLine.Option(
      names = "--patch",
      paramLabel = "ROW,COLUMN",
      description = "The patch of an image in focus, from 0 (default: the class token).")
  private @Nullable String patch;

  @CommandLine.Option(names = "--all", description = "Draw a small picture of every head.")
  private boolean all;

  @CommandLine.Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page to keep: click on a word to see what it attends to.")
  private @Nullable Path html;

  @CommandLine.Option(
      names = "--png",
      paramLabel = "FILE",
      description = "Write a picture to keep.")
  private @Nullable Path png;

  @CommandLine.Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "How the word's map is made, with what was measured of it: raw (one head's weights),"
              + " rollout, flow or gradient, which go through all layers.")
  private @Nullable String method;

  @Mixin private ModelOption model = new ModelOption();

  @CommandLine.Option(
      names = "--hide-special",
      description = "Leave out special tokens; rows are not renormalised.")
  private boolean hideSpecial;

  @CommandLine.Option(
      names = "--pieces",
      description = "Draw the tokens, not the words merged from them.")
  private boolean pieces;

  @Override
  protected int run() {
    OutputFile.check("--html", html, ".html");
    OutputFile.check("--png", png, ".png");
    if (given == null) {
      lookAtRecording();
      return ExitStatus.OK;
    }
    text = given;
    if (ImageLook.isImage(text)) {
      lookAtImage();
      return ExitStatus.OK;
    }
    check();
    ModelFiles files = model.files();
    if (SoundLook.isSound(text)) {
      if (model.isEmbedded()) {
        throw new UsageException("--model: expected the folder of a model that hears, got none");
      }
      Seen seen = Seen.sound(SoundLook.read(files, Path.of(text), target, err()), target);
      show(files, text, seen, OtherLayers.NONE, view -> null);
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

  private Seen seen(AttentionCapture capture, String read) {
    if (target == null) {
      return Seen.text(capture.read(read), read, pieces);
    }
    try {
      return Seen.text(capture.readAcross(read, target), read, target, pieces);
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
    boolean ofText = Stream.of(word, to, target, patch, html, png).anyMatch(Objects::nonNull);
    if (ofText || all || hideSpecial || pieces) {
      throw new UsageException(
          "expected a TEXT, got none; recorded inputs are shown by --layer, a map's number, and"
              + " --head alone");
    }
    RecordedLook look = RecordedLook.of(files, recording);
    if (layer != null) {
      below("layer", layer, look.maps().size());
    }
    if (json()) {
      printJson(look);
    } else {
      look.print(out(), columns(), layer, head);
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
    return method == null
        ? null
        : MethodLook.check(files, capture, read, pieces, MethodLook.named(method), view.focus());
  }

  private void show(
      ModelFiles files,
      String read,
      Seen seen,
      OtherLayers others,
      Function<AttentionView, @Nullable MapCheck> checks) {
    AttentionView view = view(seen.title(files.describe()), seen.drawn());
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

  private void check() {
    if ((layer == null) != (head == null)) {
      throw new UsageException("--layer and --head belong together: name both or neither");
    }
    if (to != null && layer != null) {
      throw new UsageException("--to finds a head, --layer and --head name one: use either");
    }
    if (patch != null) {
      throw new UsageException("--patch: expected an image, got a text; its words are --word's");
    }
    if (method != null) {
      boolean heads = layer != null || to != null || all || html != null || png != null;
      if (MethodLook.named(method) != MapMethod.RAW && heads) {
        throw new UsageException(
            "--method "
                + method
                + ": expected no --layer, --head, --to, --all, --html or --png, which show heads");
      }
      if (SoundLook.isSound(text) || target != null) {
        throw new UsageException("--method: expected a text alone, got a sound or --target");
      }
    }
    GivenText.filled("TEXT", text);
    if (target != null) {
      GivenText.filled("--target", target);
    }
  }

  private void lookAtImage() {
    if (word != null
        || to != null
        || target != null
        || all
        || hideSpecial
        || pieces
        || method != null) {
      throw new UsageException(
          "--word, --to, --target, --all, --hide-special, --pieces, --method: expected a text, got"
              + " an image; see --patch, --layer and --head");
    }
    if (model.isEmbedded()) {
      throw new UsageException(
          "--model: expected the folder of a model that sees images, got none");
    }
    ModelFiles files = model.files();
    ImageFocus focus = new ImageLook(Path.of(text), patch, layer, head).focus(files);
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

  private AttentionView view(String title, AttentionMap map) {
    AttentionView view = new AttentionView(title, map, focus(map));
    view = word == null && head == null ? view.with(Option.OTHER_WORDS) : view;
    view = head == null ? view : view.with(Option.HEAT_MAP);
    view = all ? view.with(Option.ALL_HEADS) : view;
    return hideSpecial ? view.with(Option.HIDE_SPECIAL) : view;
  }

  private Focus focus(AttentionMap map) {
    Focus found =
        word == null
            ? FocusChoice.of(map)
            : Focus.on(map, unit("--word", word, FocusChoice.find(map, word), map.queryLabels()));
    if (to != null) {
      int key = unit("--to", to, FocusChoice.findKey(map, to), map.keyLabels());
      return Focus.between(map, found.query(), key);
    }
    if (layer == null || head == null) {
      return found;
    }
    below("layer", layer, map.layers());
    below("head", head, map.heads());
    return Focus.in(map, found.query(), layer, head);
  }

  private static int unit(String option, String word, OptionalInt found, List<String> labels) {
    return found.orElseThrow(() ->
        new BadInputException(option + ": expected one of " + labels + ", got \"" + word + '"'));
  }

  private static void below(String name, int value, int limit) {
    if (value < 0 || value >= limit) {
      throw new UsageException(
          String.format(
              Locale.ROOT, "--%s: expected a number from 0 to %d, got %d", name, limit - 1, value));
    }
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
    if (html != null) {
      OutputFile.write("--html", html, () -> page.get().getBytes(StandardCharsets.UTF_8));
      err().println("wrote " + html);
    }
    if (png != null) {
      OutputFile.write("--png", png, picture);
      err().println("wrote " + png);
    }
  }
}
