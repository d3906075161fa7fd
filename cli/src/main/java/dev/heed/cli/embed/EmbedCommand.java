package dev.heed.cli.embed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.GivenText;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code heed embed}: one vector of length 1 for each text. */
@Command(
    name = "embed",
    description = {
      "Turn texts into vectors: one JSON object a line, or one array with --json.",
      "Texts come from the command line, from the lines of a file, or from standard input;",
      "blank lines are skipped, and each object names its line."
    },
    footer = {"", "Example:", "  heed embed --file sentences.txt --dtype bf16 > vectors.jsonl"})
public final class EmbedCommand extends HeedCommand {
  /** Large enough to sort into full batches, small enough to print as it goes. */
  private static final int CHUNK = 2048;

  private static final JsonMapper LINES = new JsonMapper();

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..1",
      description = "The text; - or none reads standard input.")
  private @Nullable String text;

  @Option(names = "--file", paramLabel = "FILE", description = "A file of one text a line.")
  private @Nullable Path file;

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  /**
   * One line of the output.
   *
   * @param line of the file, from 1; null for the text of an argument
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Embedded(@Nullable Integer line, String text, float[] embedding) {}

  @Override
  protected int run() {
    List<Line> lines = lines();
    List<Embedded> all = new ArrayList<>();
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("embed", lines.size())) {
      CutTexts cut = new CutTexts(embedder);
      for (int start = 0; start < lines.size(); start += CHUNK) {
        List<Line> chunk = lines.subList(start, Math.min(lines.size(), start + CHUNK));
        int before = start;
        List<String> texts = chunk.stream().map(Line::text).toList();
        cut.count(texts);
        List<float[]> vectors = embedder.embed(texts, done -> progress.accept(before + done));
        for (int i = 0; i < chunk.size(); i++) {
          Embedded embedded = embedded(chunk.get(i), vectors.get(i));
          if (json()) {
            all.add(embedded);
          } else {
            out().println(LINES.writeValueAsString(embedded));
          }
        }
      }
      cut.tell(err());
    }
    if (json()) {
      printJson(all);
    }
    out().flush();
    return ExitStatus.OK;
  }

  private Embedded embedded(Line line, float[] vector) {
    return new Embedded(isArgument() ? null : line.number(), line.text(), vector);
  }

  private boolean isArgument() {
    return text != null && !text.equals(Lines.STANDARD_INPUT);
  }

  private List<Line> lines() {
    if (text != null && file != null) {
      throw new UsageException("a text and --file exclude each other: give one of them");
    }
    return text != null && isArgument()
        ? List.of(new Line(1, GivenText.filled("TEXT", text)))
        : Lines.of("--file", file);
  }
}
