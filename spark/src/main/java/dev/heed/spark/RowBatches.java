package dev.heed.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * A partition's rows, each with what the model made of its text; read in batches, so that a
 * partition of any size fits.
 *
 * @param <M> the model
 */
final class RowBatches<M extends AutoCloseable> implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final TextTask<M> task;
  private final ModelSource source;
  private final int column;
  private final int size;
  private final boolean reports;

  /**
   * What is done to a partition.
   *
   * @param column of the text
   * @param size of a batch, in rows
   * @param reports whether a text that fails leaves null and its message, or ends the job
   */
  RowBatches(TextTask<M> task, ModelSource source, int column, int size, boolean reports) {
    this.task = task;
    this.source = source;
    this.column = column;
    this.size = size;
    this.reports = reports;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Iterator<>() {
      private final Deque<Row> ready = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        if (ready.isEmpty() && rows.hasNext()) {
          List<Row> batch = new ArrayList<>(size);
          while (batch.size() < size && rows.hasNext()) {
            batch.add(rows.next());
          }
          answer(batch, ready);
        }
        return !ready.isEmpty();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the partition has ended");
        }
        return ready.remove();
      }
    };
  }

  private void answer(List<Row> batch, Deque<Row> to) {
    M model = ExecutorModels.get(task, source.folder());
    List<String> texts = new ArrayList<>();
    batch.forEach(row -> {
      if (!row.isNullAt(column)) {
        texts.add(row.getString(column));
      }
    });
    Iterator<Answer> answers = answers(model, texts).iterator();
    for (Row row : batch) {
      Answer answer = row.isNullAt(column) ? new Answer(null, null) : answers.next();
      @Nullable Object[] values = new @Nullable Object[row.length() + (reports ? 2 : 1)];
      Arrays.setAll(values, i -> i < row.length() ? row.get(i) : null);
      values[row.length()] = answer.value();
      if (reports) {
        values[row.length() + 1] = answer.error();
      }
      to.add(RowFactory.create(values));
    }
  }

  private record Answer(@Nullable Object value, @Nullable String error) {}

  private List<Answer> answers(M model, List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    try {
      return task.answer(model, texts).stream().map(value -> new Answer(value, null)).toList();
    } catch (RuntimeException e) {
      if (!reports) {
        throw e;
      }
    }
    // one of them fails: each by itself
    List<Answer> answers = new ArrayList<>();
    for (String text : texts) {
      try {
        answers.add(new Answer(task.answer(model, List.of(text)).getFirst(), null));
      } catch (RuntimeException e) {
        answers.add(new Answer(null, String.valueOf(e.getMessage())));
      }
    }
    return answers;
  }
}
