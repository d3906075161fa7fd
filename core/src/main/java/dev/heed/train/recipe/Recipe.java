package dev.heed.train.recipe;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.train.optim.Adafactor;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Lion;
import dev.heed.train.optim.Sgd;
import dev.heed.train.optim.UpdateRule;
import dev.heed.train.schedule.Constant;
import dev.heed.train.schedule.Cosine;
import dev.heed.train.schedule.Linear;
import dev.heed.train.schedule.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a training run is, as data.
 *
 * @param model a checkpoint folder, {@code minilm} for the encoder that Heed carries, or a folder
 *     without weights, whose model starts from nothing
 * @param task what is learned
 * @param data examples
 * @param learning how
 * @param adaptation which parameters
 * @param watching scores and checkpoints on the way
 * @param teacher another model to learn from beside the labels
 */
public record Recipe(
    String model,
    Task task,
    Data data,
    Learning learning,
    Adaptation adaptation,
    Watching watching,
    Teacher teacher) {
  /** What is learned, and which columns the examples have. */
  public enum Task {
    /**
     * One class of a text or a pair of texts: columns {@code label}, {@code text}, {@code text2}.
     */
    CLASSIFY,
    /** A tag for each word: lines of word, tab, tag; a blank line between sentences. */
    ENTITIES,
    /** The next token of running text: plain text. */
    LANGUAGE,
    /** Hidden tokens (Devlin et al. 2019, section 3.1): one text a line. */
    MASKED,
    /** One text from another: columns {@code source}, {@code target}. */
    TRANSLATE,
    /**
     * The part of a text that answers a question: columns {@code question}, {@code context}, {@code
     * answers}, a list of texts of which the first is learned, and {@code answer_start}.
     */
    ANSWER,
    /**
     * One class of an image: columns {@code image}, a file beside the table, and {@code label}; or
     * an idx file of grey images.
     */
    IMAGES,
    /** Which objects are where in a scene, laid of images as {@link #IMAGES} on a canvas. */
    BOXES,
    /** Vectors that say of a woman what they say of a man: column {@code text}; with a teacher. */
    FAIR,
    /** Vectors of texts that belong together: columns {@code first}, {@code second}. */
    PAIRS,
    /** What is said in a sound: columns {@code sound}, a file, and {@code text}. */
    SOUNDS,
    /** What follows a series: tables of numbers, a row for each step. */
    SERIES,
    /** Which text goes with an image: columns {@code image}, {@code text}, perhaps {@code more}. */
    CAPTIONS
  }

  /**
   * Examples, in files of UTF-8: tab-separated with a header, or {@code .jsonl}; {@code .gz} too.
   *
   * @param train what is learned from
   * @param valid what is scored on, or empty for no scores
   * @param maxLength the most tokens of an example, or 0 for what the model reads
   * @param masked which share of the tokens is hidden, for {@link Task#MASKED}
   * @param heldOut how many of the last examples of {@code train} are scored on instead of learned
   *     from, where {@code valid} is empty
   * @param sources several files instead of {@code train} and {@code valid}, for tasks of columns
   * @param tokenizer a folder whose tokenizer is taken, or empty for the model's own
   * @param heldOutWhere which of them instead, {@code column=value}; empty for none
   * @param columns what the files call the columns that the task reads, where not as the task does
   * @param augment how examples are changed when they are learned from
   * @param canvas on which images are laid, for {@link Task#BOXES}
   * @param season steps after which a series resembles itself, for what it is compared to; or 0
   * @param first how many steps of a series are all that there are; 0 for the file's
   */
  public record Data(
      String train,
      String valid,
      int maxLength,
      double masked,
      int heldOut,
      List<DataSource> sources,
      String tokenizer,
      String heldOutWhere,
      Map<String, String> columns,
      Augmentation augment,
      Canvas canvas,
      int season,
      int first) {
    static final Data DEFAULTS = new Data("", "", 0, 0.15);

    /** Nothing is held out, and examples are texts. */
    public Data(String train, String valid, int maxLength, double masked) {
      this(
          train,
          valid,
          maxLength,
          masked,
          0,
          List.of(),
          "",
          "",
          Map.of(),
          Augmentation.NONE,
          Canvas.NONE,
          0,
          0);
    }

    /** The files, the one of {@code train} and {@code valid} among them. */
    List<DataSource> files() {
      return sources.isEmpty() ? List.of(DataSource.table(train, valid)) : sources;
    }

    Data relativeTo(Path folder) {
      return new Data(
          train.isEmpty() ? "" : folder.resolve(train).toString(),
          valid.isEmpty() ? "" : folder.resolve(valid).toString(),
          maxLength,
          masked,
          heldOut,
          sources.stream().map(source -> source.relativeTo(folder)).toList(),
          tokenizer.isEmpty() ? "" : folder.resolve(tokenizer).toString(),
          heldOutWhere,
          columns,
          augment,
          canvas,
          season,
          first);
    }

    /** Checks the ranges. */
    public Data {
      columns = Map.copyOf(columns);
      RecipeKeys.require(maxLength >= 0, "max_length", "0 or more", maxLength);
      RecipeKeys.require(heldOut >= 0, "held_out", "0 or more", heldOut);
      RecipeKeys.require(heldOut == 0 || valid.isEmpty(), "held_out", "no valid beside it", valid);
      boolean one = sources.isEmpty() || train.isEmpty() && valid.isEmpty();
      RecipeKeys.require(one, "sources", "neither train nor valid beside them", train + valid);
      sources = List.copyOf(sources);
      RecipeKeys.require(
          heldOutWhere.isEmpty() || valid.isEmpty() && heldOut == 0,
          "held_out_where",
          "neither valid nor held_out beside it",
          heldOutWhere);
      RecipeKeys.require(
          heldOutWhere.isEmpty() || heldOutWhere.matches("[^=]+=.*"),
          "held_out_where",
          "column=value",
          heldOutWhere);
      RecipeKeys.require(season >= 0, "season", "0 or more", season);
      RecipeKeys.require(first >= 0, "first", "0 or more", first);
      RecipeKeys.require(masked > 0 && masked < 1, "masked", "a share between 0 and 1", masked);
    }
  }

  /** The update rules that a recipe can name. */
  public enum Rule {
    /** {@link AdamW}. */
    ADAMW,
    /** {@link Lion}. */
    LION,
    /** {@link Adafactor}, at the recipe's rate. */
    ADAFACTOR,
    /** {@link Sgd} with momentum 0.9. */
    SGD,
    /** {@link MuonGroups}: Muon for the matrices of layers, {@link AdamW} for all else. */
    MUON
  }

  /** How the learning rate moves after its warm-up. */
  public enum Course {
    /** To 0 along a line. */
    LINEAR,
    /** To 0 along half a cosine. */
    COSINE,
    /** Not at all. */
    CONSTANT
  }

  /**
   * How parameters learn.
   *
   * @param epochs how often each example is seen
   * @param updates how many updates instead, or 0
   * @param batchTokens positions of a batch, padding included
   * @param batchExamples examples of a batch at most
   * @param batches how many batches an update sums over
   * @param optimizer the rule
   * @param learningRate its highest rate
   * @param weightDecay of matrices and tables
   * @param schedule how the rate moves
   * @param warmup the share of updates in which the rate rises
   * @param clip the largest norm of all gradients, or 0 for any
   * @param labelSmoothing ε of the cross entropy
   * @param seed of order, dropout and fresh parameters
   * @param dtype f32, or bf16 with masters in f32
   * @param checkpointing whether activations are computed again to save memory
   */
  public record Learning(
      double epochs,
      long updates,
      long batchTokens,
      int batchExamples,
      int batches,
      Rule optimizer,
      double learningRate,
      double weightDecay,
      Course schedule,
      double warmup,
      double clip,
      double labelSmoothing,
      long seed,
      Precision dtype,
      boolean checkpointing) {
    static final Learning DEFAULTS =
        new Learning(
            3,
            0,
            4096,
            16,
            2,
            Rule.ADAMW,
            5e-5,
            0.01,
            Course.LINEAR,
            0.06,
            1,
            0,
            0,
            Precision.F32,
            false);

    /** Checks the ranges. */
    public Learning {
      RecipeKeys.require(
          epochs > 0 && Double.isFinite(epochs), "epochs", "a number above 0", epochs);
      RecipeKeys.require(updates >= 0, "updates", "0 or more", updates);
      RecipeKeys.require(batches >= 1, "batches", "1 or more", batches);
      RecipeKeys.require(
          learningRate > 0 && Double.isFinite(learningRate),
          "learning_rate",
          "a number above 0",
          learningRate);
      RecipeKeys.require(warmup >= 0 && warmup < 1, "warmup", "a share from 0 and below 1", warmup);
      RecipeKeys.require(clip >= 0, "clip", "0 or more", clip);
      RecipeKeys.require(
          labelSmoothing >= 0 && labelSmoothing < 1,
          "label_smoothing",
          "a share from 0 and below 1",
          labelSmoothing);
    }

    /** What a recipe that says nothing has. */
    public static Learning usual() {
      return DEFAULTS;
    }

    /** The rule, for all parameters that decay. */
    UpdateRule rule() {
      return switch (optimizer) {
        case ADAMW, MUON -> new AdamW(weightDecay);
        case LION -> new Lion(0.9, 0.99, weightDecay);
        case ADAFACTOR -> new Adafactor(1e-30, 1e-3, 1, -0.8, 0, weightDecay, false, false, false);
        case SGD -> new Sgd(0.9).withWeightDecay(weightDecay);
      };
    }

    Schedule schedule(long total) {
      long rising = Math.round(warmup * total);
      return switch (schedule) {
        case LINEAR -> new Linear(rising, Math.max(1, total));
        case COSINE -> new Cosine(rising, Math.max(1, total));
        case CONSTANT -> new Constant(rising);
      };
    }
  }

  /** The types that parameters are kept in. */
  public enum Precision {
    /** 32 bits. */
    F32,
    /** 16 bits, and 32 in the optimiser. */
    BF16
  }

  /**
   * Scores and checkpoints on the way.
   *
   * @param every after how many updates; 0 for ten times in a run
   * @param patience after how many scores without a better one the run ends; 0 for never
   * @param average of how many of the best checkpoints the mean is taken in the end
   */
  public record Watching(long every, int patience, int average) {
    static final Watching DEFAULTS = new Watching(0, 0);

    /** The best checkpoint alone is taken. */
    public Watching(long every, int patience) {
      this(every, patience, 1);
    }

    /** Checks the ranges. */
    public Watching {
      RecipeKeys.require(every >= 0, "every", "0 or more", every);
      RecipeKeys.require(patience >= 0, "patience", "0 or more", patience);
      RecipeKeys.require(average >= 1, "average", "1 or more", average);
    }
  }

  /**
   * A model whose softened scores are learned beside the labels (Hinton et al. 2015).
   *
   * @param model its folder, with the same labels or vocabulary; empty for none
   * @param temperature T
   * @param alpha the teacher's share in the loss
   */
  public record Teacher(String model, double temperature, double alpha) {
    /** No teacher. */
    public static final Teacher NONE = new Teacher("", 2, 0.5);
  }

  private static final Recipe DEFAULTS =
      new Recipe(
          "",
          Task.CLASSIFY,
          Data.DEFAULTS,
          Learning.DEFAULTS,
          Adaptation.DEFAULTS,
          Watching.DEFAULTS,
          Teacher.NONE);

  /** With the usual ways of learning. */
  public static Recipe of(String model, Task task, String train, String valid) {
    return new Recipe(
        model,
        task,
        new Data(train, valid, Data.DEFAULTS.maxLength(), Data.DEFAULTS.masked()),
        Learning.DEFAULTS,
        Adaptation.DEFAULTS,
        Watching.DEFAULTS,
        Teacher.NONE);
  }

  /** The same from other examples. */
  public Recipe with(Data other) {
    return new Recipe(model, task, other, learning, adaptation, watching, teacher);
  }

  /** The same learning in another way. */
  public Recipe with(Learning other) {
    return new Recipe(model, task, data, other, adaptation, watching, teacher);
  }

  /** The same with other parameters that learn. */
  public Recipe with(Adaptation other) {
    return new Recipe(model, task, data, learning, other, watching, teacher);
  }

  /** The same watched in another way. */
  public Recipe with(Watching other) {
    return new Recipe(model, task, data, learning, adaptation, other, teacher);
  }

  /** The same with a teacher. */
  public Recipe with(Teacher other) {
    return new Recipe(model, task, data, learning, adaptation, watching, other);
  }

  /** The same with paths that are relative to a folder. */
  public Recipe relativeTo(Path folder) {
    return new Recipe(
        from(folder, model),
        task,
        data.relativeTo(folder),
        learning,
        adaptation,
        watching,
        teacher.model().isEmpty()
            ? teacher
            : new Teacher(from(folder, teacher.model()), teacher.temperature(), teacher.alpha()));
  }

  private static String from(Path folder, String model) {
    return model.equals(RecipeRun.EMBEDDED) ? model : folder.resolve(model).toString();
  }

  /**
   * Reads a recipe; absent keys have their usual values, {@code model}, {@code task} and {@code
   * data.train} must be there.
   *
   * @param where a name for messages
   * @throws dev.heed.checkpoint.CheckpointException for a value that is not of its kind or range,
   *     and for a key that means nothing here
   */
  public static Recipe read(String where, JsonNode json) {
    RecipeKeys.requireKnown(where, json);
    Recipe recipe = ConfigReader.read(where, json, DEFAULTS);
    RecipeKeys.requireGiven(where, json, "model", "task", "data");
    if (recipe.data().sources().isEmpty()) {
      RecipeKeys.requireGiven(where + ", data", json.get("data"), "train");
    }
    return recipe;
  }
}
