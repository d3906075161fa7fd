package dev.heed.bench.mechanisms;

import dev.heed.bench.mechanisms.MechanismReport.GrowthRow;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.OutputFile;
import dev.heed.cli.Progress;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.picture.HeadImage;
import dev.heed.tensor.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed bench mechanisms}: every mechanism of the catalogue side by side over the length. */
@Command(
    name = "mechanisms",
    description =
        "Time, memory and error of every mechanism over the length, forward and training step, all"
            + " in turn in one process.",
    footer = {
      "",
      "Examples:",
      "  heed bench mechanisms --png growth.png",
      "  heed bench mechanisms --mechanisms mamba,performer --lengths 1024,4096,16384 --threads 1"
    })
public final class MechanismsBench extends HeedCommand {
  @Option(
      names = "--lengths",
      split = ",",
      paramLabel = "N",
      description = "Tokens of a sequence (default: ${DEFAULT-VALUE}).",
      defaultValue = "512,1024,2048,4096,8192,16384")
  private List<Integer> lengths = List.of();

  @Option(
      names = "--mechanisms",
      split = ",",
      paramLabel = "NAME",
      description = "Names of the catalogue (default: all).")
  private List<String> names = List.of();

  @Option(names = "--size", paramLabel = "N", description = "Size of a token (default: 128).")
  private int size = 128;

  @Option(names = "--heads", paramLabel = "N", description = "Heads (default: 4).")
  private int heads = 4;

  @Option(names = "--batch", paramLabel = "N", description = "Sequences (default: 1).")
  private int batch = 1;

  @Option(
      names = "--causal",
      description = "Build those that can look both ways so that they look back only.")
  private boolean causal;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = MemorySize.Converter.class,
      description =
          "Leave out what is expected to fill the process above this (default: ${DEFAULT-VALUE}).",
      defaultValue = "4G")
  private MemorySize memory = new MemorySize(1);

  @Option(
      names = "--longest",
      paramLabel = "S",
      description = "Leave out what is expected to take longer a run (default: ${DEFAULT-VALUE}).",
      defaultValue = "15")
  private double longest;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "Time for all mechanisms together at one length and direction, after which no round"
              + " beyond --rounds begins (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  private double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Runs of each at least; one of more than 1.5 s is not repeated (default: 3).")
  private int rounds = 3;

  @Option(names = "--png", paramLabel = "FILE", description = "Write a plot of time and memory.")
  private @Nullable Path png;

  @Override
  protected int run() {
    OutputFile.check("--png", png, ".png");
    MechanismRun run;
    List<MechanismRow> rows = new ArrayList<>();
    MechanismTable table = new MechanismTable(out());
    MechanismRun.Settings settings = settings();
    int[] done = {0};
    try (Progress progress =
        new Progress(
            "bench",
            settings.lengths().size() * settings.entries().size() * Pass.values().length)) {
      run = new MechanismRun(settings, () -> progress.accept(++done[0]));
      if (!json()) {
        out().printf("%s%n", conditions());
        table.header();
      }
      run.warmUp();
      for (int length : settings.lengths()) {
        List<MechanismRow> more = run.at(length);
        rows.addAll(more);
        if (!json()) {
          table.rows(more);
        }
      }
    }
    finish(rows, run.residentPeak(), table);
    return ExitStatus.OK;
  }

  private String conditions() {
    return String.format(
        Locale.ROOT,
        "%d × n × %d, %d heads, f32, %d thread(s), LibTorch %s %s; → looks back only",
        batch,
        size,
        heads,
        Backend.threads(),
        Backend.version(),
        Backend.cpuCapability());
  }

  private void finish(List<MechanismRow> rows, double residentPeak, MechanismTable table) {
    List<GrowthRow> growth = MechanismReport.growth(rows);
    if (json()) {
      printJson(
          new MechanismReport(
              Backend.threads(), batch, size, heads, memory.bytes(), residentPeak, rows, growth));
    } else {
      table.growth(growth);
      out().printf("%nHighest resident size of the process: %s%n", new MemorySize(residentPeak));
    }
    if (png != null) {
      OutputFile.write("--png", png, () -> HeadImage.png(new GrowthPlot(rows).draw()));
      err().printf("wrote %s%n", png);
    }
  }

  private MechanismRun.Settings settings() {
    if (lengths.isEmpty() || lengths.stream().anyMatch(length -> length < 1)) {
      throw new picocli.CommandLine.ParameterException(
          spec().commandLine(), "--lengths: expected numbers from 1, got " + lengths);
    }
    Options.requireAtLeast(spec(), "--batch", batch, 1);
    Options.requireAtLeast(spec(), "--rounds", rounds, 1);
    Options.requireSizes(spec(), size, heads);
    List<MixerEntry> entries =
        names.isEmpty()
            ? MixerCatalogue.entries()
            : names.stream().map(name -> Options.entry(spec(), name)).distinct().toList();
    MixerShape shape = MixerShape.of(size, heads, 1).withCausal(causal);
    return new MechanismRun.Settings(
        entries,
        lengths.stream().sorted().distinct().toList(),
        shape,
        batch,
        memory,
        longest,
        seconds,
        rounds);
  }
}
