package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.explain.Evidence.Part;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.model.forecast.PatchModel;
import dev.heed.model.forecast.Patches;
import dev.heed.model.forecast.SeriesModel;
import dev.heed.nn.Trace;
import dev.heed.task.series.Series;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The maps of what a forecaster attended to. */
final class ForecastEvidence {
  private final SeriesModel model;
  private final Series series;
  private final ForecastInput input;

  ForecastEvidence(SeriesModel model, Series series, ForecastInput input) {
    this.model = model;
    this.series = series;
    this.input = input;
  }

  /**
   * The maps.
   *
   * @param future a future that decoders read, {@code [T, C]}
   */
  Evidence of(Tensor future) {
    boolean decodes = model.kind() == ModelKind.ENCODER_DECODER;
    ModelOutput output =
        model.apply(
            decodes ? input.decoding(future) : input.model(0, null),
            Trace.NONE,
            new Wanted(false, true));
    List<Part> parts = decodes ? decoded(output) : patches(output);
    return new Evidence(
        "Forecast of " + names(),
        "Each row says where it looked: the mean over all layers and heads. Strong colours are"
            + " large weights.",
        parts);
  }

  private String names() {
    return String.join(", ", series.names());
  }

  private List<Part> decoded(ModelOutput output) {
    double[][] across = mean(output.series("cross_attentions"), 0);
    double[][] within = mean(output.series("encoder_attentions").subList(0, 1), 0);
    return List.of(
        new Aligned(
            names() + ": predicted steps, to what the encoder made of the steps it read",
            ahead(across.length),
            read(across[0].length),
            across),
        new Aligned(
            names() + ": steps that were read, to each other, in the first layer",
            read(within.length),
            read(within[0].length),
            within));
  }

  private List<Part> patches(ModelOutput output) {
    List<Tensor> maps = output.series("attentions");
    if (maps.isEmpty() || !(model instanceof PatchModel cut)) {
      throw new IllegalArgumentException(
          "attention: expected a model whose layers attend, got one that mixes by networks alone");
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < series.names().size(); i++) {
      double[][] weights = mean(maps, i);
      List<String> names = patches(cut.patches(), weights.length);
      parts.add(
          new Aligned(
              series.names().get(i) + ": patches, by the steps at which they begin",
              names,
              names,
              weights));
    }
    return parts;
  }

  /** The steps at which patches begin; before them may stand a token for all. */
  private List<String> patches(Patches cut, int count) {
    List<String> names = new ArrayList<>();
    if (count > cut.count()) {
      names.add("all");
    }
    int used = cut.length() + cut.stride() * (cut.count() - 1);
    for (int i = 0; i < cut.count(); i++) {
      names.add(input.label(cut.context() - used + i * cut.stride()));
    }
    return names;
  }

  /** The mean over layers and heads of one row of the batch. */
  private static double[][] mean(List<Tensor> layers, int row) {
    Tensor mean =
        Tensor.stack(layers.stream().map(map -> map.select(0, row).mean(0, false)).toList(), 0)
            .mean(0, false)
            .to(DType.F64);
    int rows = Math.toIntExact(mean.size(0));
    int columns = Math.toIntExact(mean.size(1));
    double[] all = mean.contiguous().toDoubleArray();
    double[][] weights = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(all, i * columns, weights[i], 0, columns);
    }
    return weights;
  }

  /** The names of the last of so many steps ahead; before them stand some that were read. */
  private List<String> ahead(int count) {
    int label = count - input.shape().ahead();
    return IntStream.range(0, count)
        .mapToObj(
            i -> i < label ? input.label(input.shape().past() - label + i) : "+" + (i - label + 1))
        .toList();
  }

  /** The names of so many equal parts of the steps that were attended to. */
  private List<String> read(int count) {
    int past = input.shape().past();
    int context = input.shape().context();
    return IntStream.range(0, count)
        .mapToObj(i -> input.label(past - context + (int) ((long) i * context / count)))
        .toList();
  }
}
