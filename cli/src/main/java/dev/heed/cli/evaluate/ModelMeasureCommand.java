package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/**
 * A model on a data set: asked about every example, and measured by its answers.
 *
 * @param <E> an example
 * @param <R> the model's answer
 */
abstract class ModelMeasureCommand<E, R> extends ReportCommand {
  @Mixin private ModelData source = new ModelData();

  private List<E> examples = List.of();
  private List<R> answers = List.of();

  /** A model that answers several examples together. */
  interface Asked<E, R> extends Function<List<E>, List<R>>, AutoCloseable {
    @Override
    void close();
  }

  /** The examples of a file. */
  abstract List<E> examples(Path file);

  /** Opens the model. */
  abstract Asked<E, R> open(ModelFiles files, @Nullable DType dtype);

  /** The model that is asked where none is named: here an error that says so. */
  ModelFiles usual() {
    return source.files();
  }

  /**
   * Checks the examples against the model that is open, before it is asked.
   *
   * @throws BadInputException for an example that cannot be measured
   */
  void check(List<E> examples) {}

  /** Counts examples of which the model read only the beginning. */
  final void countCut(long more) {
    source.countCut(more);
  }

  /** The answer that counts where the model fails. */
  abstract R wrong();

  /** The measure of the answers. */
  abstract CorpusMeasure measure(List<E> asked, List<R> given);

  /** What is written of an item: its example and answer. */
  abstract Map<String, Object> told(E example, R answer);

  @Override
  final CorpusMeasure measured() {
    examples = source.limited(examples(source.data()));
    if (examples.isEmpty()) {
      throw new BadInputException(source.data() + ": expected an example or more, got none");
    }
    try (Asked<E, R> model = open(source.isNamed() ? source.files() : usual(), source.dtype())) {
      check(examples);
      answers = source.answers(spec().name(), examples, model, wrong(), err());
    }
    return measure(examples, answers);
  }

  @Override
  final Map<String, Object> told(int item) {
    return told(examples.get(item), answers.get(item));
  }

  @Override
  final Map<String, Double> further() {
    return source.further();
  }

  @Override
  final int status() {
    return source.status();
  }
}
