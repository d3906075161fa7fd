package dev.heed.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A stage that adds a column: what a model makes of the texts of another. Each executor opens the
 * model once; a row whose text is null has null. Saved and loaded as any stage, by path: the
 * model's files stay where they are.
 *
 * @param <T> the stage itself
 */
public abstract class HeedTransformer<T extends HeedTransformer<T>> extends Transformer
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final int USUAL_BATCH = 64;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> errorCol;
  private final Param<String> model;
  private final IntParam batchSize;
  private final BooleanParam broadcast;

  /**
   * A stage.
   *
   * @param uid its name in a pipeline
   */
  protected HeedTransformer(String uid) {
    this.uid = uid; // before the parameters, which take it
    inputCol = new Param<>(this, "inputCol", "the column of texts");
    outputCol = new Param<>(this, "outputCol", "the column to add");
    errorCol =
        new Param<>(
            this,
            "errorCol",
            "a column for the message of a text that fails; without it such a text ends the job");
    model = new Param<>(this, "model", "the model's folder or file");
    batchSize =
        new IntParam(this, "batchSize", "rows that the model reads at once", ParamValidators.gt(0));
    broadcast =
        new BooleanParam(
            this,
            "broadcast",
            "whether the driver sends the folder, instead of every machine's own");
    setDefault(batchSize, USUAL_BATCH);
    setDefault(broadcast, false);
  }

  /** What the model is asked. */
  abstract TextTask<?> task();

  @SuppressWarnings("unchecked") // T is the stage itself
  private T self() {
    return (T) this;
  }

  /** Puts a parameter, and gives the stage. */
  final <V> T with(Param<V> param, V value) {
    set(param, value);
    return self();
  }

  /** Its name in a pipeline. */
  @Override
  public String uid() {
    return uid;
  }

  /** The column of texts. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** The column to add. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** The column of messages. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /** The model's folder. */
  public Param<String> model() {
    return model;
  }

  /** Rows at once. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** Whether the driver sends the folder. */
  public BooleanParam broadcast() {
    return broadcast;
  }

  /** Reads texts from a column. */
  public T setInputCol(String name) {
    return with(inputCol, name);
  }

  /** Names the column to add. */
  public T setOutputCol(String name) {
    return with(outputCol, name);
  }

  /** Names a column for the message of a text that fails; without it such a text ends the job. */
  public T setErrorCol(String name) {
    return with(errorCol, name);
  }

  /** Takes the model of a folder, or file, that every machine has at this path. */
  public T setModel(String path) {
    return with(model, path);
  }

  /** Lets the model read so many rows at once. */
  public T setBatchSize(int rows) {
    set(batchSize, rows);
    return self();
  }

  /** Lets the driver send the folder to the executors, which need not have it then. */
  public T setBroadcast(boolean sent) {
    set(broadcast, sent);
    return self();
  }

  private String required(Param<String> param) {
    if (!isSet(param)) {
      throw new IllegalArgumentException(uid + ": " + param.name() + " is not set");
    }
    return (String) getOrDefault(param);
  }

  private @Nullable String errors() {
    return isSet(errorCol) ? (String) getOrDefault(errorCol) : null;
  }

  /**
   * The schema with the columns that it adds.
   *
   * @throws IllegalArgumentException without a column of texts, or with one of the added name
   */
  @Override
  public StructType transformSchema(StructType schema) {
    String input = required(inputCol);
    StructField texts =
        Arrays.stream(schema.fields())
            .filter(field -> field.name().equals(input))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    uid
                        + ": expected a column "
                        + input
                        + ", got "
                        + String.join(", ", schema.fieldNames())));
    if (!texts.dataType().equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          uid + ": expected texts in " + input + ", got " + texts.dataType().simpleString());
    }
    StructType added = add(schema, required(outputCol)).add(required(outputCol), task().type());
    String errors = errors();
    return errors == null ? added : add(added, errors).add(errors, DataTypes.StringType);
  }

  private StructType add(StructType schema, String name) {
    if (Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new IllegalArgumentException(uid + ": there is a column " + name + " already");
    }
    return schema;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    return dataset
        .toDF()
        .mapPartitions(batches(task(), source(dataset), dataset), Encoders.row(schema));
  }

  private <M extends AutoCloseable> RowBatches<M> batches(
      TextTask<M> task, ModelSource source, Dataset<?> dataset) {
    return new RowBatches<>(
        task,
        source,
        dataset.schema().fieldIndex(required(inputCol)),
        (int) getOrDefault(batchSize),
        errors() != null);
  }

  private ModelSource source(Dataset<?> dataset) {
    return source(dataset.sparkSession());
  }

  private ModelSource source(SparkSession session) {
    return (boolean) getOrDefault(broadcast)
        ? ModelSource.broadcast(session, required(model))
        : ModelSource.at(required(model));
  }

  /**
   * Makes it a function of SQL, of one text: {@code SELECT name(text) FROM ...}. It reads a row at
   * a time; {@link #transform} reads batches.
   *
   * @param session where it is known
   * @param name in SQL
   */
  public void register(SparkSession session, String name) {
    session.udf().register(name, function(task(), source(session)), task().type());
  }

  private static <M extends AutoCloseable> UDF1<@Nullable String, @Nullable Object> function(
      TextTask<M> task, ModelSource source) {
    return text ->
        text == null
            ? null
            : task.answer(ExecutorModels.get(task, source.folder()), List.of(text)).getFirst();
  }

  @Override
  public Transformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
