package dev.heed.cli.look;

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
import dev.heed.explain.Focus;
import dev.heed.explain.HtmlPage;
import dev.heed.explain.PngPicture;
import dev.heed.explain.TerminalView;
import dev.heed.model.ModelFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed look}: reads a text and shows what its words attend to. */
@Command(
    name = "look",
    description = "Show what the words of a text attend to, in a pretrained encoder.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "2:the command line was wrong",
      "3:the text or the model could not be used"
    },
    footer = {
      "",
      "Example:",
      "  heed look \"The animal didn't cross the street because it was too tired.\"",
      "  heed look \"He gave her the book.\" --word book --layer 3 --head 1 --png look.png"
    })
public final class LookCommand extends HeedCommand {
  private static final int USUAL_COLUMNS = 80;

  @Parameters(paramLabel = "TEXT", description = "The text to read.")
  private String text = "";

  @Option(
      names = "--word",
      paramLabel = "WORD",
      description = "The word in focus (default: the first pronoun, else the most selective word).")
  private @Nullable String word;

  @Option(names = "--layer", paramLabel = "L", description = "A layer, from 0; with --head.")
  private @Nullable Integer layer;

  @Option(names = "--head", paramLabel = "H", description = "Draw this head's map, from 0.")
  private @Nullable Integer head;

  @Option(names = "--all", description = "Draw a small picture of every head.")
  private boolean all;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page to keep.")
  private @Nullable Path html;

  @Option(names = "--png", paramLabel = "FILE", description = "Write a picture to keep.")
  private @Nullable Path png;

  @Mixin private ModelOption model = new ModelOption();

  @Option(
      names = "--hide-special",
      description = "Leave out special tokens; rows are not renormalised.")
  private boolean hideSpecial;

  @Option(names = "--pieces", description = "Draw the tokens, not the words merged from them.")
  private boolean pieces;

  @Override
  protected int run() throws Exception {
    if ((layer == null) != (head == null)) {
      throw new UsageException("--layer and --head belong together: name both or neither");
    }
    GivenText.filled("TEXT", text);
    OutputFile.check("--html", html, ".html");
    OutputFile.check("--png", png, ".png");
    ModelFiles files = model.files();
    try (AttentionCapture capture = AttentionCapture.open(files)) {
      AttentionMap tokens = capture.read(text);
      AttentionView view = view(files, tokens);
      if (json()) {
        printJson(LookReport.of(files.describe(), text, tokens, view));
      } else {
        print(view, tokens);
      }
      keep(view);
    }
    return ExitStatus.OK;
  }

  private AttentionView view(ModelFiles files, AttentionMap tokens) {
    AttentionMap map = pieces ? tokens : tokens.words(text);
    Focus focus = focus(map);
    if (layer != null && head != null) {
      below("layer", layer, map.layers());
      below("head", head, map.heads());
      focus = Focus.in(map, focus.query(), layer, head);
    }
    String title =
        String.format(
            Locale.ROOT,
            "%s: %d layers of %d heads over %d tokens",
            files.describe(),
            map.layers(),
            map.heads(),
            tokens.size());
    return new AttentionView(title, map, focus, head != null, all, hideSpecial, head != null);
  }

  private Focus focus(AttentionMap map) {
    if (word == null) {
      return Focus.choose(map);
    }
    return Focus.find(map, word)
        .orElseThrow(() ->
            new BadInputException(
                String.format(
                    Locale.ROOT, "--word: expected one of %s, got \"%s\"", map.texts(), word)));
  }

  private static void below(String name, int value, int limit) {
    if (value < 0 || value >= limit) {
      throw new UsageException(
          String.format(
              Locale.ROOT, "--%s: expected a number from 0 to %d, got %d", name, limit - 1, value));
    }
  }

  private void print(AttentionView view, AttentionMap tokens) {
    out().styled(new TerminalView(colour(), columns()).draw(view));
    if (!pieces && tokens.hasPieces()) {
      out()
          .printf(
              "%nWords are merged from pieces: their rows averaged, their columns summed. See"
                  + " --pieces.%n");
    }
    out().flush();
  }

  /** Pictures to keep show the head's map in any case. */
  private void keep(AttentionView view) {
    AttentionView picture =
        new AttentionView(
            view.title(), view.map(), view.focus(), true, all, hideSpecial, view.chosen());
    if (html != null) {
      OutputFile.write(
          "--html", html, () -> HtmlPage.write(picture).getBytes(StandardCharsets.UTF_8));
      err().println("wrote " + html);
    }
    if (png != null) {
      OutputFile.write("--png", png, () -> PngPicture.draw(picture));
      err().println("wrote " + png);
    }
  }

  private static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{0,3}")
        ? Integer.parseInt(columns)
        : USUAL_COLUMNS;
  }
}
