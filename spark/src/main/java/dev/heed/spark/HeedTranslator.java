package dev.heed.spark;

import dev.heed.task.Translator;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** Texts in another language, by a model that translates. */
public final class HeedTranslator extends HeedTransformer<HeedTranslator> {
  private static final long serialVersionUID = 1L;

  private final Param<String> from =
      new Param<>(this, "from", "the texts' language; without it what the model's files say");
  private final Param<String> to =
      new Param<>(this, "to", "the language to write; without it what the model's files say");
  private final IntParam maxTokens =
      new IntParam(
          this,
          "maxTokens",
          "most tokens of a translation; without it what the model's files say",
          ParamValidators.gt(0));

  /** A stage with a name of its own. */
  public HeedTranslator() {
    this(Identifiable$.MODULE$.randomUID("heed_translator"));
  }

  /**
   * A stage.
   *
   * @param uid its name in a pipeline
   */
  public HeedTranslator(String uid) {
    super(uid);
  }

  /** What loads saved stages. */
  public static MLReader<HeedTranslator> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads a saved stage. */
  public static HeedTranslator load(String path) {
    return read().load(path);
  }

  /** The texts' language. */
  public Param<String> from() {
    return from;
  }

  /** The language to write. */
  public Param<String> to() {
    return to;
  }

  /** Most tokens of a translation. */
  public IntParam maxTokens() {
    return maxTokens;
  }

  /** Reads texts of a language, by its code. */
  public HeedTranslator setFrom(String code) {
    return with(from, code);
  }

  /** Writes a language, by its code. */
  public HeedTranslator setTo(String code) {
    return with(to, code);
  }

  /** Writes at most so many tokens for a text. */
  public HeedTranslator setMaxTokens(int tokens) {
    set(maxTokens, tokens);
    return this;
  }

  @Override
  TextTask<?> task() {
    return new Task(
        given(from), given(to), isSet(maxTokens) ? (int) getOrDefault(maxTokens) : null);
  }

  private @Nullable String given(Param<String> param) {
    return isSet(param) ? (String) getOrDefault(param) : null;
  }

  private record Task(@Nullable String from, @Nullable String to, @Nullable Integer most)
      implements TextTask<Translator> {
    @Override
    public String kind() {
      return "translator";
    }

    @Override
    public Translator open(Path folder) {
      return Translator.open(folder);
    }

    @Override
    public List<?> answer(Translator model, List<String> texts) {
      return model.translate(texts, new Translator.Options(from, to, null, most)).stream()
          .map(Translator.Translation::text)
          .toList();
    }

    @Override
    public DataType type() {
      return DataTypes.StringType;
    }
  }
}
