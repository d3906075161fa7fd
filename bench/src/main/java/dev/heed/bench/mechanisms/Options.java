package dev.heed.bench.mechanisms;

import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.nn.ClosestNames;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of options that several benchmarks have. */
final class Options {
  private Options() {}

  static void requireAtLeast(CommandSpec spec, String option, int value, int least) {
    if (value < least) {
      throw new ParameterException(
          spec.commandLine(), option + ": expected at least " + least + ", got " + value);
    }
  }

  static void requireSizes(CommandSpec spec, int size, int heads) {
    requireAtLeast(spec, "--size", size, 1);
    requireAtLeast(spec, "--heads", heads, 1);
    if (size % heads != 0) {
      throw new ParameterException(
          spec.commandLine(), "--heads: expected a divisor of --size " + size + ", got " + heads);
    }
  }

  /** The entry of this name, or the nearest names in an error. */
  static MixerEntry entry(CommandSpec spec, String name) {
    List<String> names = MixerCatalogue.names();
    if (names.contains(name)) {
      return MixerCatalogue.named(name);
    }
    List<String> close = ClosestNames.to(name, names);
    throw new ParameterException(
        spec.commandLine(),
        "--mechanisms: no mechanism is called "
            + name
            + "; "
            + (close.isEmpty()
                ? "there are " + String.join(", ", names)
                : "did you mean " + String.join(" or ", close) + "?"));
  }
}
