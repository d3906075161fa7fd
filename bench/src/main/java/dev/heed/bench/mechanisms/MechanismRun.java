package dev.heed.bench.mechanisms;

import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.PeakMemory;
import dev.heed.bench.attention.Timing;
import dev.heed.bench.mechanisms.MechanismRow.Deviation;
import dev.heed.bench.mechanisms.MechanismRow.Outcome;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.Backend;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs all mechanisms at one length after the other: first each alone for its memory, then all in
 * turn for their times.
 */
final class MechanismRun {
  /** Lengths that are tried before a first long one, so that it can be foreseen. */
  private static final int[] TRIAL_LENGTHS = {512, 1024};

  private static final int WARM_UP_LENGTH = 256;
  private static final double SLOW_MILLISECONDS = 1_500;
  private static final double MEGABYTE = 1 << 20;

  /**
   * What is measured.
   *
   * @param shape of all mixers; its longest length is replaced by each length
   * @param memory that the process may fill
   * @param longestSeconds that one run may take
   * @param seconds for the timings of one length and direction, all mechanisms together
   * @param rounds of each mechanism at least
   */
  record Settings(
      List<MixerEntry> entries,
      List<Integer> lengths,
      MixerShape shape,
      int batch,
      MemorySize memory,
      double longestSeconds,
      double seconds,
      int rounds) {
    /** Each mechanism alone at each length, in both passes. */
    int steps() {
      return lengths.size() * entries.size() * Pass.values().length;
    }
  }

  private final Settings settings;
  private final Runnable progress;
  private final Map<String, Map<Pass, Forecasts>> forecasts = new HashMap<>();
  private double residentPeak;

  private record Forecasts(Forecast bytes, Forecast milliseconds) {
    static Forecasts of(MixerEntry entry) {
      return new Forecasts(new Forecast(entry.growth()), new Forecast(entry.growth()));
    }
  }

  /** Tells {@code progress} of each of the {@link Settings#steps}. */
  MechanismRun(Settings settings, Runnable progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** The highest resident size of the process so far, in bytes; NaN if unknown. */
  double residentPeak() {
    return residentPeak;
  }

  /** Runs everything once, so that what is loaded and compiled is not taken for memory of a run. */
  void warmUp() {
    for (MixerEntry entry : settings.entries()) {
      try (TensorScope scope = TensorScope.open();
          Subject subject = Subject.of(entry, shape(WARM_UP_LENGTH))) {
        Inputs inputs = Inputs.of(settings.batch(), shape(WARM_UP_LENGTH));
        for (Pass pass : Pass.values()) {
          subject.run(pass, inputs.random(), inputs.outputGradient()).run();
        }
      }
    }
  }

  /** A mechanism at one length, and what became of it in each pass. */
  private record Candidate(
      MixerEntry entry, @Nullable Subject subject, Map<Pass, Outcome> outcomes) {
    Outcome outcome(Pass pass) {
      return outcomes.getOrDefault(pass, Outcome.skipped("not run"));
    }
  }

  /** One row a mechanism. */
  List<MechanismRow> at(int length) {
    try (TensorScope scope = TensorScope.open()) {
      MixerShape shape = shape(length);
      Inputs inputs = Inputs.of(settings.batch(), shape);
      List<Candidate> candidates =
          settings.entries().stream().map(entry -> candidate(entry, shape)).toList();
      try (ExactReference exact = new ExactReference(shape, inputs)) {
        for (Pass pass : Pass.values()) {
          measure(pass, length, candidates, inputs);
        }
        return candidates.stream().map(candidate -> row(candidate, length, exact)).toList();
      } finally {
        for (Candidate candidate : candidates) {
          if (candidate.subject() != null) {
            candidate.subject().close();
          }
        }
      }
    }
  }

  private MixerShape shape(int length) {
    return settings.shape().withMaxLength(length);
  }

  /** A mixer that cannot be built at this length is a skipped row. */
  private static Candidate candidate(MixerEntry entry, MixerShape shape) {
    Map<Pass, Outcome> outcomes = new EnumMap<>(Pass.class);
    try {
      return new Candidate(entry, Subject.of(entry, shape), outcomes);
    } catch (IllegalArgumentException e) {
      for (Pass pass : Pass.values()) {
        outcomes.put(pass, Outcome.skipped("cannot be built: " + e.getMessage()));
      }
      return new Candidate(entry, null, outcomes);
    }
  }

  private void measure(Pass pass, int length, List<Candidate> candidates, Inputs inputs) {
    List<Candidate> kept = new ArrayList<>();
    List<Runnable> runs = new ArrayList<>();
    List<Double> peaks = new ArrayList<>();
    for (Candidate candidate : candidates) {
      progress.run();
      NativeHeap.trim();
      Subject subject = candidate.subject();
      Optional<String> refusal = refusal(candidate.entry(), pass, length);
      if (subject != null && refusal.isPresent()) {
        candidate.outcomes().put(pass, Outcome.skipped(refusal.get()));
      } else if (subject != null) {
        Runnable run = subject.run(pass, inputs.random(), inputs.outputGradient());
        kept.add(candidate);
        runs.add(run);
        peaks.add(peak(run));
        forecasts(candidate.entry(), pass).bytes().saw(length, peaks.getLast());
      }
    }
    List<Timing> timings =
        new Interleaved(0, settings.seconds(), settings.rounds(), SLOW_MILLISECONDS).time(runs);
    noteResidentPeak();
    for (int i = 0; i < kept.size(); i++) {
      Timing timing = timings.get(i);
      forecasts(kept.get(i).entry(), pass).milliseconds().saw(length, timing.median());
      kept.get(i).outcomes().put(pass, new Outcome(timing, peaks.get(i) / MEGABYTE, null));
    }
  }

  private double peak(Runnable run) {
    double bytes = PeakMemory.during(run);
    noteResidentPeak();
    return bytes;
  }

  private void noteResidentPeak() {
    residentPeak = Math.max(residentPeak, PeakMemory.highest());
  }

  private Forecasts forecasts(MixerEntry entry, Pass pass) {
    return forecasts
        .computeIfAbsent(entry.name(), name -> new EnumMap<>(Pass.class))
        .computeIfAbsent(pass, p -> Forecasts.of(entry));
  }

  /** Why a run is not to be tried: it would take too much memory or time. */
  private Optional<String> refusal(MixerEntry entry, Pass pass, int length) {
    Forecasts expected = forecasts(entry, pass);
    if (expected.bytes().isEmpty() && length > TRIAL_LENGTHS[TRIAL_LENGTHS.length - 1]) {
      for (int trial : TRIAL_LENGTHS) {
        tryOut(entry, pass, trial);
      }
    }
    double more = expected.bytes().at(length);
    double bytes = Backend.residentBytes() + (Double.isNaN(more) ? 0 : more);
    double seconds = expected.milliseconds().at(length) / 1e3;
    if (bytes > settings.memory().bytes()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "skipped: about %s expected, over --memory %s",
              new MemorySize(bytes),
              settings.memory()));
    }
    if (seconds > settings.longestSeconds()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "skipped: about %.0f s a run expected, over --longest %.0f s",
              seconds,
              settings.longestSeconds()));
    }
    return Optional.empty();
  }

  private void tryOut(MixerEntry entry, Pass pass, int length) {
    try (TensorScope scope = TensorScope.open();
        Subject subject = Subject.of(entry, shape(length))) {
      Inputs inputs = Inputs.of(settings.batch(), shape(length));
      Runnable run = subject.run(pass, inputs.random(), inputs.outputGradient());
      double bytes = peak(run);
      Timing timing = new Interleaved(0, 0, 1, SLOW_MILLISECONDS).time(List.of(run)).getFirst();
      forecasts(entry, pass).bytes().saw(length, bytes);
      forecasts(entry, pass).milliseconds().saw(length, timing.median());
    }
  }

  private MechanismRow row(Candidate candidate, int length, ExactReference exact) {
    Subject subject = candidate.subject();
    Outcome forward = candidate.outcome(Pass.FORWARD);
    return new MechanismRow(
        candidate.entry().name(),
        length,
        subject == null ? settings.shape().causal() : subject.causal(),
        forward,
        candidate.outcome(Pass.TRAINING),
        subject == null || forward.timing() == null
            ? Deviation.none("it did not run")
            : exact.deviation(subject));
  }
}
