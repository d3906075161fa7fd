package dev.heed.spark;

import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Vectors of texts by an encoder, as sentence-transformers makes them: an array of floats each. */
public final class HeedEmbedding extends HeedTransformer<HeedEmbedding> {
  private static final long serialVersionUID = 1L;

  /** A stage with a name of its own. */
  public HeedEmbedding() {
    this(Identifiable$.MODULE$.randomUID("heed_embedding"));
  }

  /**
   * A stage.
   *
   * @param uid its name in a pipeline
   */
  public HeedEmbedding(String uid) {
    super(uid);
  }

  /** What loads saved stages. */
  public static MLReader<HeedEmbedding> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved stage. */
  public static HeedEmbedding load(String path) {
    return read().load(path);
  }

  @Override
  TextTask<?> task() {
    return new Task();
  }

  private record Task() implements TextTask<Embedder> {
    @Override
    public String kind() {
      return "embedding";
    }

    @Override
    public Embedder open(Path folder) {
      return Embedder.open(ModelFiles.folder(folder), DType.F32);
    }

    @Override
    public List<?> answer(Embedder model, List<String> texts) {
      return model.embed(texts).stream().map(Columns::floats).toList();
    }

    @Override
    public DataType type() {
      return DataTypes.createArrayType(DataTypes.FloatType, false);
    }
  }
}
