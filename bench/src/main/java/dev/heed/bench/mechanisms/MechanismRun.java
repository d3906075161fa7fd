package dev.heed.bench.mechanisms;

import dev.heed.attention.catalogue.MixerEntry;
import dev.heed.attention.catalogue.MixerShape;
import dev.heed.bench.attention.Interleaved;
import dev.heed.bench.attention.PeakMemory;
import dev.heed.bench.attention.Timing;
import dev.heed.bench.mechanisms.MechanismRow.Deviation;
import dev.heed.bench.mechanisms.MechanismRow.Outcome;
import dev.heed.tensor.Backend;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

  /** One row a mechanism. */
  List<MechanismRow> at(int length) {
    try (TensorScope scope = TensorScope.open()) {
      MixerShape shape = shape(length);
      Inputs inputs = Inputs.of(settings.batch(), shape);
      Map<MixerEntry, Map<Pass, Outcome>> outcomes = new LinkedHashMap<>();
      List<Subject> subjects = build(shape, outcomes);
      try {
        for (Pass pass : Pass.values()) {
          measure(pass, length, subjects, inputs, outcomes);
        }
        List<MechanismRow> rows = new ArrayList<>();
        try (ExactReference exact = new ExactReference(shape, inputs)) {
          for (MixerEntry entry : settings.entries()) {
            rows.add(row(entry, length, subjects, outcomes, exact));
          }
        }
        return rows;
      } finally {
        subjects.forEach(Subject::close);
      }
    }
  }

  private MixerShape shape(int length) {
    MixerShape s = settings.shape();
    return new MixerShape(
        s.size(),
        s.heads(),
        length,
        s.causal(),
        s.window(),
        s.block(),
        s.features(),
        s.state(),
        s.seed());
  }

  /** A mixer that cannot be built at this length is a skipped row. */
  private List<Subject> build(MixerShape shape, Map<MixerEntry, Map<Pass, Outcome>> outcomes) {
    List<Subject> subjects = new ArrayList<>();
    for (MixerEntry entry : settings.entries()) {
      Map<Pass, Outcome> of = new EnumMap<>(Pass.class);
      outcomes.put(entry, of);
      try {
        subjects.add(Subject.of(entry, shape));
      } catch (IllegalArgumentException e) {
        for (Pass pass : Pass.values()) {
          of.put(pass, Outcome.skipped("cannot be built: " + e.getMessage()));
        }
      }
    }
    return subjects;
  }

  private void measure(
      Pass pass,
      int length,
      List<Subject> subjects,
      Inputs inputs,
      Map<MixerEntry, Map<Pass, Outcome>> outcomes) {
    List<Subject> kept = new ArrayList<>();
    List<Double> peaks = new ArrayList<>();
    for (Subject subject : subjects) {
      progress.run();
      Optional<String> refusal = refusal(subject.entry(), pass, length);
      if (refusal.isPresent()) {
        outcomes.get(subject.entry()).put(pass, Outcome.skipped(refusal.get()));
      } else {
        double bytes = peak(subject.run(pass, inputs.random(), inputs.outputGradient()));
        kept.add(subject);
        peaks.add(bytes);
        forecasts(subject.entry(), pass).bytes().saw(length, bytes);
      }
    }
    List<Timing> timings =
        new Interleaved(0, settings.seconds(), settings.rounds(), SLOW_MILLISECONDS)
            .time(
                kept.stream()
                    .map(s -> s.run(pass, inputs.random(), inputs.outputGradient()))
                    .toList());
    noteResidentPeak();
    for (int i = 0; i < kept.size(); i++) {
      MixerEntry entry = kept.get(i).entry();
      forecasts(entry, pass).milliseconds().saw(length, timings.get(i).median());
      outcomes.get(entry).put(pass, new Outcome(timings.get(i), peaks.get(i) / MEGABYTE, null));
    }
  }

  private double peak(Runnable run) {
    NativeHeap.trim();
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
    double bytes = Backend.residentBytes() + expected.bytes().at(length);
    double seconds = expected.milliseconds().at(length) / 1e3;
    if (bytes > settings.memory().bytes()) {
      return Optional.of(
          "skipped: about %s expected, over --memory %s"
              .formatted(new MemorySize(bytes), settings.memory()));
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

  private MechanismRow row(
      MixerEntry entry,
      int length,
      List<Subject> subjects,
      Map<MixerEntry, Map<Pass, Outcome>> outcomes,
      ExactReference exact) {
    Map<Pass, Outcome> of = outcomes.getOrDefault(entry, Map.of());
    Outcome forward = of.getOrDefault(Pass.FORWARD, Outcome.skipped("not run"));
    Outcome training = of.getOrDefault(Pass.TRAINING, Outcome.skipped("not run"));
    Optional<Subject> subject = subjects.stream().filter(s -> s.entry().equals(entry)).findFirst();
    boolean ran = forward.timing() != null && subject.isPresent();
    Deviation error =
        ran ? exact.deviation(subject.orElseThrow()) : Deviation.none("it did not run");
    boolean causal = subject.map(Subject::causal).orElse(settings.shape().causal());
    return new MechanismRow(entry.name(), length, causal, forward, training, error);
  }
}
