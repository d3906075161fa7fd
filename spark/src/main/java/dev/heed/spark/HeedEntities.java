package dev.heed.spark;

import dev.heed.task.EntityFinder;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Named entities of texts: an array of {@code type}, {@code text}, {@code start}, {@code end} (in
 * UTF-16 units) and {@code score}.
 */
public final class HeedEntities extends HeedTransformer<HeedEntities> {
  private static final long serialVersionUID = 1L;

  /** A stage with a name of its own. */
  public HeedEntities() {
    this(Identifiable$.MODULE$.randomUID("heed_entities"));
  }

  /**
   * A stage.
   *
   * @param uid its name in a pipeline
   */
  public HeedEntities(String uid) {
    super(uid);
  }

  /** What loads saved stages. */
  public static MLReader<HeedEntities> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved stage. */
  public static HeedEntities load(String path) {
    return read().load(path);
  }

  @Override
  TextTask<?> task() {
    return new Task();
  }

  private record Task() implements TextTask<EntityFinder> {
    @Override
    public String kind() {
      return "entities";
    }

    @Override
    public EntityFinder open(Path folder) {
      return EntityFinder.open(folder);
    }

    @Override
    public List<?> answer(EntityFinder model, List<String> texts) {
      return model.find(texts, EntityFinder.Aggregation.FIRST).stream()
          .map(found -> Columns.list(found.stream().map(Task::row).toList()))
          .toList();
    }

    private static Row row(EntityFinder.Entity entity) {
      return RowFactory.create(
          entity.type(), entity.text(), entity.start(), entity.end(), entity.score());
    }

    @Override
    public DataType type() {
      return DataTypes.createArrayType(
          new StructType()
              .add("type", DataTypes.StringType, false)
              .add("text", DataTypes.StringType, false)
              .add("start", DataTypes.IntegerType, false)
              .add("end", DataTypes.IntegerType, false)
              .add("score", DataTypes.DoubleType, false),
          false);
    }
  }
}
