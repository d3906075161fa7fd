package dev.heed.bench.mechanisms;

import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Progress;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed bench decode}: the time of one more token after shorter and longer contexts. */
@Command(
    name = "decode",
    description =
        "Time of a token, while a sequence grows: recurrent forms against softmax attention over a"
            + " cache of keys.",
    footer = {"", "Example:", "  heed bench decode --mechanisms mamba,s4 --threads 1"})
public final class DecodeBench extends HeedCommand {
  @Option(
      names = "--contexts",
      split = ",",
      paramLabel = "N",
      description = "Tokens before the measured ones (default: ${DEFAULT-VALUE}).",
      defaultValue = "1024,2048,4096,8192,16384,32768,65536")
  private List<Integer> contexts = List.of();

  @Option(
      names = "--mechanisms",
      split = ",",
      paramLabel = "NAME",
      description =
          "Names of the catalogue (default: ${DEFAULT-VALUE}); all that have a recurrent form may"
              + " be named.",
      defaultValue = "linear-transformer,s4,s4d,h3,mamba")
  private List<String> names = List.of();

  @Option(names = "--size", paramLabel = "N", description = "Size of a token (default: 128).")
  private int size = 128;

  @Option(names = "--heads", paramLabel = "N", description = "Heads (default: 4).")
  private int heads = 4;

  @Option(names = "--batch", paramLabel = "N", description = "Sequences (default: 1).")
  private int batch = 1;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens measured before each context is full (default: ${DEFAULT-VALUE}).",
      defaultValue = "256")
  private int tokens;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description =
          "Tokens of each before all, so that they are compiled (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000")
  private int warmUp;

  @Override
  protected int run() {
    DecodeRun run = new DecodeRun(shape(), batch, tokens, warmUp, entries());
    List<Integer> sorted = contexts.stream().sorted().distinct().toList();
    List<DecodeRow> rows;
    try (Progress progress = new Progress("decode", sorted.getLast())) {
      rows = run.at(sorted, progress);
    }
    if (json()) {
      printJson(
          Map.of(
              "threads",
              Backend.threads(),
              "batch",
              batch,
              "size",
              size,
              "heads",
              heads,
              "contexts",
              sorted,
              "rows",
              rows));
    } else {
      print(sorted, rows);
    }
    return ExitStatus.OK;
  }

  private MixerShape shape() {
    Options.requireSizes(spec(), size, heads);
    Options.requireAtLeast(spec(), "--batch", batch, 1);
    Options.requireAtLeast(spec(), "--tokens", tokens, 1);
    Options.requireAtLeast(spec(), "--warm-up", warmUp, 0);
    for (int context : contexts) {
      Options.requireAtLeast(spec(), "--contexts", context, tokens);
    }
    return MixerShape.of(size, heads, contexts.stream().max(Integer::compare).orElseThrow())
        .asCausal();
  }

  private List<MixerEntry> entries() {
    List<MixerEntry> entries = new ArrayList<>();
    for (String name : names) {
      MixerEntry entry = Options.entry(spec(), name);
      if (!entry.stepwise()) {
        List<String> stepwise =
            MixerCatalogue.entries().stream()
                .filter(MixerEntry::stepwise)
                .map(MixerEntry::name)
                .toList();
        throw new picocli.CommandLine.ParameterException(
            spec().commandLine(),
            String.format(
                Locale.ROOT,
                "--mechanisms: %s has no recurrent form; expected some of %s",
                name,
                String.join(", ", stepwise)));
      }
      entries.add(entry);
    }
    return entries;
  }

  private void print(List<Integer> sorted, List<DecodeRow> rows) {
    out()
        .printf(
            "microseconds a token, median of %d before each context is full; %d × %d, %d heads,"
                + " f32, %d thread(s)%n",
            tokens, batch, size, heads, Backend.threads());
    out().printf("%-22s", "");
    sorted.forEach(context -> out().printf(" %9d", context));
    out().printf("  last/first%n");
    for (DecodeRow row : rows) {
      out().printf("%-22s", row.mechanism());
      row.times().forEach(timing -> out().printf(Locale.ROOT, " %9.1f", timing.median() * 1e3));
      out()
          .printf(
              Locale.ROOT,
              "  %.2f %s%n",
              row.lastOverFirst(),
              row.flat() ? "flat" : row.lastOverFirst() > 1 ? "grows" : "falls");
    }
    out().flush();
  }
}
