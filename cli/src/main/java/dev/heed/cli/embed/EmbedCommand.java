package dev.heed.cli.embed;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Progress;
import dev.heed.task.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code heed embed}: one vector of length 1 for each text. */
@Command(
    name = "embed",
    description = {
      "Turn texts into vectors: one JSON object a line, or one array with --json.",
      "Texts come from the command line, from the lines of a file, or from standard input."
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

  /** One line of the output. */
  private record Embedded(String text, float[] embedding) {}

  @Override
  protected int run() throws IOException {
    if (text != null && file != null) {
      throw new ParameterException(
          spec().commandLine(), "a text and --file exclude each other: give one of them");
    }
    List<String> texts =
        text != null && !text.equals(Lines.STANDARD_INPUT) ? List.of(text) : Lines.of(file);
    List<Embedded> all = new ArrayList<>();
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("embed", texts.size())) {
      for (int start = 0; start < texts.size(); start += CHUNK) {
        List<String> chunk = texts.subList(start, Math.min(texts.size(), start + CHUNK));
        int before = start;
        List<float[]> vectors = embedder.embed(chunk, done -> progress.accept(before + done));
        for (int i = 0; i < chunk.size(); i++) {
          Embedded embedded = new Embedded(chunk.get(i), vectors.get(i));
          if (json()) {
            all.add(embedded);
          } else {
            out().println(LINES.writeValueAsString(embedded));
          }
        }
      }
    }
    if (json()) {
      printJson(all);
    }
    out().flush();
    return ExitStatus.OK;
  }
}
