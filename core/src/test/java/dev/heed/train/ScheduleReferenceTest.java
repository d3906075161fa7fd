package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.train.schedule.Constant;
import dev.heed.train.schedule.Cosine;
import dev.heed.train.schedule.CosineAnnealing;
import dev.heed.train.schedule.CosineToMinimum;
import dev.heed.train.schedule.CosineWarmRestarts;
import dev.heed.train.schedule.CosineWithHardRestarts;
import dev.heed.train.schedule.Cyclic;
import dev.heed.train.schedule.Exponential;
import dev.heed.train.schedule.FairseqInverseSquareRoot;
import dev.heed.train.schedule.InverseSquareRoot;
import dev.heed.train.schedule.Linear;
import dev.heed.train.schedule.LinearWarmup;
import dev.heed.train.schedule.MultiStep;
import dev.heed.train.schedule.Noam;
import dev.heed.train.schedule.OneCycle;
import dev.heed.train.schedule.Polynomial;
import dev.heed.train.schedule.Schedule;
import dev.heed.train.schedule.StepDecay;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every schedule against recorded learning rates. */
@Tag("unit")
class ScheduleReferenceTest {
  @TestFactory
  Stream<DynamicTest> recorded() throws IOException {
    JsonNode recorded =
        JsonMapper.shared()
            .readTree(Files.readString(RecordedTraining.folder().resolve("schedules.json")));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : recorded.get("cases")) {
      tests.add(DynamicTest.dynamicTest(one.get("name").asString(), () -> check(one)));
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void check(JsonNode recorded) {
    Schedule schedule = schedule(recorded.get("name").asString(), recorded.get("args"));
    JsonNode rates = recorded.get("lr");
    double[] bases = bases(recorded);
    for (int step = 0; step < rates.size(); step++) {
      for (int group = 0; group < bases.length; group++) {
        JsonNode rate = rates.get(step);
        assertNear(
            schedule.rate(bases[group], step),
            (rate.isArray() ? rate.get(group) : rate).asDouble(),
            step);
      }
      if (recorded.has("momentum")) {
        assertNear(
            schedule.momentum(step).orElseThrow(),
            recorded.get("momentum").get(step).asDouble(),
            step);
      }
    }
  }

  private static void assertNear(double actual, double expected, int step) {
    assertThat(actual)
        .as("step %d", step)
        .isCloseTo(expected, Offset.offset(1e-11 * Math.abs(expected) + 1e-17));
  }

  /** One base rate a group; some schedules have theirs among the options. */
  private static double[] bases(JsonNode recorded) {
    JsonNode base = recorded.get("base_lr");
    JsonNode args = recorded.get("args");
    if (base.isArray()) {
      return base.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }
    if (args.has("factor")) {
      return new double[] {args.get("factor").asDouble()};
    }
    boolean peak = args.has("total_steps");
    String own = peak ? "max_lr" : "base_lr";
    return new double[] {(args.has(own) ? args.get(own) : base).asDouble()};
  }

  private static Schedule schedule(String name, JsonNode args) {
    long warmup = args.path("num_warmup_steps").asLong(args.path("warmup").asLong(0));
    long total = args.path("num_training_steps").asLong(args.path("decay_steps").asLong(0));
    return switch (name) {
      case "constant", "constant_with_warmup" -> new Constant(warmup);
      case "linear", "linear_no_warmup", "linear_two_groups" -> new Linear(warmup, total);
      case "cosine", "cosine_cycles" ->
          new Cosine(warmup, total, args.path("num_cycles").asDouble(0.5));
      case "cosine_with_restarts" ->
          new CosineWithHardRestarts(warmup, total, args.get("num_cycles").asDouble());
      case "polynomial" ->
          new Polynomial(
              warmup, total, args.get("lr_end").asDouble(), args.get("power").asDouble());
      case "inverse_sqrt", "inverse_sqrt_timescale" ->
          new InverseSquareRoot(warmup, args.path("timescale").asLong(warmup));
      case "noam", "noam_annotated" ->
          new Noam(args.get("d_model").asLong(), warmup, name.equals("noam"));
      case "inverse_sqrt_fairseq" ->
          new FairseqInverseSquareRoot(
              args.get("warmup_updates").asLong(), args.get("warmup_init_lr").asDouble());
      case "cosine_min_lr" -> new CosineToMinimum(warmup, total, args.get("min_lr").asDouble());
      default -> torch(name, args, warmup);
    };
  }

  private static Schedule torch(String name, JsonNode args, long warmup) {
    return switch (name) {
      case "one_cycle", "one_cycle_linear_three_phase" -> oneCycle(args);
      case "step" -> new StepDecay(args.get("step_size").asLong(), args.get("gamma").asDouble());
      case "multi_step" ->
          new MultiStep(
              args.get("milestones").valueStream().map(JsonNode::asLong).toList(),
              args.get("gamma").asDouble());
      case "exponential" -> new Exponential(args.get("gamma").asDouble());
      case "cosine_annealing" ->
          new CosineAnnealing(args.get("T_max").asLong(), args.get("eta_min").asDouble());
      case "cosine_warm_restarts" ->
          new CosineWarmRestarts(
              args.get("T_0").asLong(),
              args.path("T_mult").asLong(1),
              args.path("eta_min").asDouble(0));
      case "cyclic_triangular2" -> cyclic(args);
      case "warmup_then_exponential" ->
          new LinearWarmup(args.get("start_factor").asDouble(), warmup)
              .then(warmup, new Exponential(args.get("gamma").asDouble()));
      default -> throw new IllegalArgumentException("no schedule for the recording " + name);
    };
  }

  private static Schedule oneCycle(JsonNode args) {
    return new OneCycle(
        args.get("total_steps").asLong(),
        args.get("pct_start").asDouble(),
        args.get("anneal_strategy").asString().equals("cos")
            ? OneCycle.Shape.COSINE
            : OneCycle.Shape.LINEAR,
        args.path("three_phase").asBoolean(false),
        args.path("div_factor").asDouble(25),
        args.path("final_div_factor").asDouble(1e4),
        args.path("base_momentum").asDouble(0.85),
        args.path("max_momentum").asDouble(0.95));
  }

  private static Schedule cyclic(JsonNode args) {
    long up = args.get("step_size_up").asLong();
    return new Cyclic(
        args.get("max_lr").asDouble(),
        up,
        args.path("step_size_down").asLong(up),
        Cyclic.Mode.valueOf(args.get("mode").asString().toUpperCase(Locale.ROOT)),
        args.path("gamma").asDouble(1));
  }
}
