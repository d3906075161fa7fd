package dev.heed.spark;

import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.TextPair;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Classes of texts by a classifier: the best {@code label} of each, and its {@code score}. */
public final class HeedClassifier extends HeedTransformer<HeedClassifier> {
  private static final long serialVersionUID = 1L;

  /** A stage with a name of its own. */
  public HeedClassifier() {
    this(Identifiable$.MODULE$.randomUID("heed_classifier"));
  }

  /**
   * A stage.
   *
   * @param uid its name in a pipeline
   */
  public HeedClassifier(String uid) {
    super(uid);
  }

  /** What loads saved stages. */
  public static MLReader<HeedClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved stage. */
  public static HeedClassifier load(String path) {
    return read().load(path);
  }

  @Override
  TextTask<?> task() {
    return new Task();
  }

  private record Task() implements TextTask<Classifier> {
    @Override
    public String kind() {
      return "classifier";
    }

    @Override
    public Classifier open(Path folder) {
      return Classifier.open(folder);
    }

    @Override
    public List<?> answer(Classifier model, List<String> texts) {
      List<TextPair> alone = texts.stream().map(text -> new TextPair(text, null)).toList();
      return model.classify(alone).stream()
          .map(Classification::best)
          .map(best -> RowFactory.create(best.name(), best.score()))
          .toList();
    }

    @Override
    public DataType type() {
      return new StructType()
          .add("label", DataTypes.StringType, false)
          .add("score", DataTypes.DoubleType, false);
    }
  }
}
