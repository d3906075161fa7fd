package dev.heed.cli.look;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.cli.BadInputException;
import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.TracedMap;
import dev.heed.explain.TracedMapTerminal;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.TensorScope;
import dev.heed.verify.RecordedInputs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code heed look} without a text: what the parts of a recorded case attend to, of a model of any
 * kind. Such a folder has inputs, and need not have a tokenizer.
 *
 * @param model described
 * @param inputs the recorded inputs' names and shapes
 * @param maps of every layer, in the order of the run
 * @param without the layers that have none
 */
record RecordedLook(
    String model, Map<String, String> inputs, List<TracedMap> maps, List<String> without) {
  /** What holds the inputs. */
  static final String RECORDING = "golden.safetensors";

  /**
   * Runs the model on the recorded inputs.
   *
   * @throws BadInputException for inputs that the model does not take
   */
  static RecordedLook of(ModelFiles files, Path recording) {
    try (TensorScope scope = TensorScope.inference();
        GoldenFile recorded = GoldenFile.open(recording);
        Model model = ModelLoader.of(files).as(DType.F32).load();
        Trace trace = Trace.record(TracedMap::needs)) {
      ModelInput input = RecordedInputs.of(recorded, "input", DType.F32);
      model.apply(input, trace);
      Map<String, String> shapes = new LinkedHashMap<>();
      input.tensors().forEach((name, value) -> shapes.put(name, value.shape().toString()));
      return new RecordedLook(
          files.describe(), shapes, TracedMap.of(trace), TracedMap.without(trace));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Prints a line for each map, and draws the last of each kind, or the one that is named.
   *
   * @param layer a map by its number, from 0, or null
   * @param head from 0, or null for the mean of all
   */
  void print(Output out, int columns, @Nullable Integer layer, @Nullable Integer head) {
    TracedMapTerminal terminal = new TracedMapTerminal(columns);
    String given =
        inputs.entrySet().stream()
            .map(input -> input.getKey() + " " + input.getValue())
            .collect(Collectors.joining(", "));
    out.print(
        terminal.paragraph(
            String.format(
                Locale.ROOT,
                "%s on its recorded inputs, %s: %d %s, shown for the first sequence",
                model,
                given,
                maps.size(),
                maps.size() == 1 ? "map" : "maps")));
    for (int i = 0; i < maps.size(); i++) {
      out.print(
          terminal.paragraph(String.format(Locale.ROOT, "%3d  %s", i, terminal.line(maps.get(i)))));
    }
    if (!without.isEmpty()) {
      out.print(
          terminal.paragraph(
              "Without attention, and without a map: " + String.join(", ", without)));
    }
    for (int i = 0; i < maps.size(); i++) {
      if (layer == null ? isLastOfItsKind(i) : layer == i) {
        draw(out, terminal, i, head);
      }
    }
  }

  private void draw(Output out, TracedMapTerminal terminal, int number, @Nullable Integer head) {
    TracedMap map = maps.get(number);
    if (head != null && (head < 0 || head >= map.heads())) {
      throw new UsageException(
          "--head: expected a number from 0 to " + (map.heads() - 1) + ", got " + head);
    }
    String what = head == null ? "the mean of its heads" : "head " + head;
    out.println();
    out.print(
        terminal.paragraph(
            "Map "
                + number
                + ", "
                + map.name()
                + ", "
                + what
                + ": a line for each query, a shade for each key"));
    out.print(terminal.heatMap(head == null ? map.mean() : map.weights()[head]));
  }

  private boolean isLastOfItsKind(int number) {
    String kind = maps.get(number).kind();
    return maps.subList(number + 1, maps.size()).stream()
        .noneMatch(later -> later.kind().equals(kind));
  }
}
