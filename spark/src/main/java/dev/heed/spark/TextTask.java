package dev.heed.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.types.DataType;

/**
 * What a stage asks a model; it is sent to the executors.
 *
 * @param <M> the model
 */
interface TextTask<M extends AutoCloseable> extends Serializable {
  /** Names the model that it opens: tasks of one kind share a model of one folder. */
  String kind();

  /** Opens the model. */
  M open(Path folder);

  /**
   * What the model makes of texts, in order, as Spark's rows hold it.
   *
   * @param texts one or more
   */
  List<?> answer(M model, List<String> texts);

  /** The type of what it makes. */
  DataType type();
}
