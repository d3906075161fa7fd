package dev.heed.spark;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.SearchSettings;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * Texts that a model writes after those of the column, as its {@code generation_config.json} says.
 */
public final class HeedGenerator extends HeedTransformer<HeedGenerator> {
  private static final long serialVersionUID = 1L;

  private final IntParam maxTokens =
      new IntParam(
          this,
          "maxTokens",
          "most tokens of a text; without it what the model's files say",
          ParamValidators.gt(0));

  /** A stage with a name of its own. */
  public HeedGenerator() {
    this(Identifiable$.MODULE$.randomUID("heed_generator"));
  }

  /**
   * A stage.
   *
   * @param uid its name in a pipeline
   */
  public HeedGenerator(String uid) {
    super(uid);
  }

  /** What loads saved stages. */
  public static MLReader<HeedGenerator> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved stage. */
  public static HeedGenerator load(String path) {
    return read().load(path);
  }

  /** Most tokens of a text. */
  public IntParam maxTokens() {
    return maxTokens;
  }

  /** Writes at most so many tokens after a text. */
  public HeedGenerator setMaxTokens(int tokens) {
    set(maxTokens, tokens);
    return this;
  }

  @Override
  TextTask<?> task() {
    return new Task(isSet(maxTokens) ? (int) getOrDefault(maxTokens) : null);
  }

  private record Task(@Nullable Integer most) implements TextTask<TextGenerator> {
    @Override
    public String kind() {
      return "generator";
    }

    @Override
    public TextGenerator open(Path folder) {
      return TextGenerator.open(folder);
    }

    @Override
    public List<?> answer(TextGenerator model, List<String> texts) {
      GenerationConfig config = model.config();
      SearchSettings settings =
          SearchSettings.of(most == null ? config : config.with("max_new_tokens", most));
      return model.generate(texts, settings).stream()
          .map(found -> found.getFirst().text())
          .toList();
    }

    @Override
    public DataType type() {
      return DataTypes.StringType;
    }
  }
}
