package dev.heed.train.recipe;

import dev.heed.checkpoint.CheckpointSource;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.model.ModelStart;
import dev.heed.model.RunChange;
import dev.heed.nn.loss.Distillation;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.ProcessGroup;
import dev.heed.tensor.TensorScope;
import dev.heed.train.CheckpointPolicy;
import dev.heed.train.Evaluation;
import dev.heed.train.EvaluationPolicy;
import dev.heed.train.Objective;
import dev.heed.train.Trainer;
import dev.heed.train.TrainingListener;
import dev.heed.train.TrainingOptions;
import dev.heed.train.TrainingResult;
import dev.heed.train.data.Feed;
import dev.heed.train.data.Seeds;
import dev.heed.train.data.TokenBudget;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.Share;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a checkpoint folder of a recipe. A run that was killed goes on where its checkpoints, in
 * the folder {@code checkpoints} within, say; a run that is complete gives the same again.
 *
 * @param recipe what to do
 * @param folder where the model goes, made if it is not there
 * @param listeners are told how it goes, and closed at the end
 * @param group the processes that run this recipe together, of which the first one writes the
 *     model; or null for this one alone
 * @param sharing whether each of them keeps a share of the optimiser's state
 */
public record RecipeRun(
    Recipe recipe,
    Path folder,
    List<TrainingListener> listeners,
    @Nullable ProcessGroup group,
    boolean sharing) {
  /** The name of the encoder that Heed carries. */
  public static final String EMBEDDED = "minilm";

  private static final int LONGEST = 512;
  private static final int TIMES = 10;

  /** Copies the list. */
  public RecipeRun {
    listeners = List.copyOf(listeners);
  }

  /** In this process alone. */
  public RecipeRun(Recipe recipe, Path folder, List<TrainingListener> listeners) {
    this(recipe, folder, listeners, null, false);
  }

  /** Nobody listens. */
  public RecipeRun(Recipe recipe, Path folder) {
    this(recipe, folder, List.of());
  }

  /**
   * The same together with other processes, which run the same recipe.
   *
   * @param processes joined already; they stay the caller's
   * @param shares whether each keeps a share of the optimiser's state alone
   */
  public RecipeRun together(ProcessGroup processes, boolean shares) {
    return new RecipeRun(recipe, folder, listeners, processes, shares);
  }

  /**
   * Learns, and writes the model.
   *
   * @throws dev.heed.checkpoint.CheckpointException for a model that cannot be read, does not fit
   *     the task, or cannot be written
   * @throws IllegalArgumentException for examples that are not as the task expects, by line
   * @throws dev.heed.train.DivergenceException if nothing can be learned so
   */
  public RecipeResult run() {
    ModelFiles files = files(recipe.model());
    JsonNode config = files.json();
    DType dtype = DType.valueOf(recipe.learning().dtype().name());
    Tokens tokens =
        isSensed() ? null : new Tokens(spelling(files).tokenizer(), longest(files, config));
    TextTask task = tokens == null ? sensed(files, dtype) : task(tokens, config);
    ObjectNode changed =
        task.isBare()
            ? ModelStart.bare(files.describe(), config)
            : ModelStart.config(files.describe(), config, task.heads(), task.classes());
    long padding = tokens == null ? 0 : padding(tokens, task, changed);
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(Seeds.mix(recipe.learning().seed(), 0))) {
      ModelStart start = start(files, config, changed, task, dtype, random);
      requireWhole(files, start.model());
      try (Model model = start.model();
          Model teacher = teacher(dtype);
          Adapted adapted = Adapted.of(start, recipe, random)) {
        return learn(task, start, adapted, objective(model, task, teacher), padding, files);
      }
    }
  }

  private static ModelFiles files(String model) {
    return model.equals(EMBEDDED) ? ModelFiles.embedded() : ModelFiles.folder(Path.of(model));
  }

  /** Whose tokenizer is taken. */
  private ModelFiles spelling(ModelFiles model) {
    String other = recipe.data().tokenizer();
    return other.isEmpty() ? model : ModelFiles.folder(Path.of(other));
  }

  /** Whether examples are something else than texts. */
  private boolean isSensed() {
    return switch (recipe.task()) {
      case IMAGES, BOXES, SOUNDS, SERIES, CAPTIONS -> true;
      case CLASSIFY, ENTITIES, LANGUAGE, MASKED, TRANSLATE, ANSWER, PAIRS, FAIR -> false;
    };
  }

  private TextTask sensed(ModelFiles files, DType dtype) {
    Recipe.Data data = recipe.data();
    boolean images = recipe.task() == Recipe.Task.IMAGES || recipe.task() == Recipe.Task.CAPTIONS;
    boolean one = data.sources().isEmpty() && data.tokenizer().isEmpty();
    RecipeKeys.require(one, "sources, tokenizer", "texts", recipe.task());
    boolean usual = recipe.teacher().model().isEmpty() && recipe.learning().labelSmoothing() == 0;
    RecipeKeys.require(
        usual || recipe.task() == Recipe.Task.IMAGES,
        "teacher, label_smoothing",
        "classes",
        recipe.task());
    data.augment().requireFor(images, recipe.task() == Recipe.Task.SOUNDS, false);
    boolean laid = recipe.task() == Recipe.Task.BOXES;
    RecipeKeys.require(laid || data.canvas().side() == 0, "canvas", "boxes", recipe.task());
    boolean series = recipe.task() == Recipe.Task.SERIES;
    RecipeKeys.require(series || data.first() == 0, "first", "a series", recipe.task());
    return switch (recipe.task()) {
      case IMAGES -> ImagesTask.of(data, files, dtype);
      case BOXES -> BoxesTask.of(data, files, dtype);
      case SOUNDS -> new SoundsTask(recipe.data(), files, dtype);
      case SERIES -> SeriesTask.of(recipe.data(), files, dtype);
      case CAPTIONS -> new CaptionsTask(recipe.data(), files, dtype);
      default -> throw new IllegalStateException("texts are none: " + recipe.task());
    };
  }

  private TextTask task(Tokens tokens, JsonNode config) {
    Recipe.Data data = recipe.data();
    boolean columns =
        switch (recipe.task()) {
          case CLASSIFY, TRANSLATE, PAIRS, FAIR, ANSWER -> true;
          case LANGUAGE -> !data.sources().isEmpty();
          default -> false;
        };
    boolean plain = data.heldOutWhere().isEmpty() && data.canvas().side() == 0 && data.first() == 0;
    RecipeKeys.require(plain, "held_out_where, canvas, first", "no texts", recipe.task());
    data.augment().requireFor(false, false, recipe.task() == Recipe.Task.CLASSIFY);
    RecipeKeys.require(
        data.columns().isEmpty() || columns, "columns", "examples of columns", recipe.task());
    int out = data.heldOut();
    RecipeKeys.require(
        out == 0 || columns, "held_out", "examples of columns or images", recipe.task());
    RecipeKeys.require(
        data.sources().isEmpty() || columns, "sources", "examples of columns", recipe.task());
    Split rows = columns ? Split.ofSources(data) : Split.NONE;
    ExampleFile train = new ExampleFile(Path.of(data.train()));
    List<ExampleFile> valid =
        data.valid().isEmpty() ? List.of() : List.of(new ExampleFile(Path.of(data.valid())));
    return switch (recipe.task()) {
      case CLASSIFY -> ClassifyTask.of(rows, data.augment().alike(), tokens);
      case ENTITIES -> EntitiesTask.of(train, valid, tokens);
      case LANGUAGE ->
          columns
              ? LanguageTask.of(rows.learned(), rows.held(), tokens)
              : LanguageTask.of(train, valid, tokens);
      case MASKED ->
          MaskedTask.of(
              train,
              valid,
              tokens,
              recipe.data().masked(),
              config.path("vocab_size").asLong(tokens.tokenizer().vocabularySize()));
      case TRANSLATE -> TranslateTask.of(rows.learned(), rows.held(), tokens);
      case ANSWER -> AnswerTask.of(rows.learned(), rows.held(), tokens);
      case PAIRS -> PairsTask.of(rows.learned(), rows.held(), tokens);
      case FAIR -> FairTask.of(rows.learned(), rows.held(), tokens);
      default -> throw new IllegalStateException("not a text: " + recipe.task());
    };
  }

  /** What the recipe says, within what the model has positions for. */
  private int longest(ModelFiles files, JsonNode config) {
    ModelConfig keys = new ModelConfig(files.describe(), config);
    int first = ModelFamilies.of(keys).family().firstPosition(keys);
    int virtual = recipe.adaptation().prompt().length();
    int most = Integer.MAX_VALUE;
    for (String key : List.of("max_position_embeddings", "n_positions")) {
      most = Math.min(most, config.path(key).asInt(Integer.MAX_VALUE) - first - virtual);
    }
    int asked = recipe.data().maxLength();
    RecipeKeys.require(
        asked <= most, "max_length", "at most " + most + " as the model reads", asked);
    return asked == 0 ? Math.min(most, LONGEST) : asked;
  }

  /** What fills batches, which nothing reads where a mask hides it. */
  private static long padding(Tokens tokens, TextTask task, ObjectNode config) {
    JsonNode own = config.path("pad_token_id");
    if (own.isIntegralNumber() && own.asLong() >= 0) {
      return own.asLong();
    }
    if (task.next()) {
      return 0;
    }
    try {
      long found = tokens.tokenizer().padding().id();
      config.put("pad_token_id", found);
      return found;
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(
          "padding: expected pad_token_id in config.json or a padding token in the tokenizer's"
              + " files, got neither; add one of them",
          e);
    }
  }

  private ModelStart start(
      ModelFiles files,
      JsonNode config,
      ObjectNode changed,
      TextTask task,
      DType dtype,
      Generator random) {
    boolean fromNothing =
        !recipe.model().equals(EMBEDDED)
            && Files.isDirectory(Path.of(recipe.model()))
            && !hasWeights(Path.of(recipe.model()));
    if (fromNothing) {
      return ModelStart.fromNothing(files.describe(), changed, dtype, random);
    }
    boolean keepsHead =
        task.classes().isEmpty()
            || Objects.equals(config.get("architectures"), changed.get("architectures"))
                && Objects.equals(config.get("id2label"), changed.get("id2label"));
    try (CheckpointSource source = files.weights()) {
      return ModelStart.from(files.describe(), changed, source, dtype, random, keepsHead);
    }
  }

  /** What is written has the weights that learned and nothing that stood on the model before. */
  private static void requireWhole(ModelFiles files, Model model) {
    RunChange change = files.runChange(model);
    if (change != null) {
      change.close();
      model.close();
      throw new IllegalArgumentException(
          "model: expected weights to go on with, got a trained prefix or prompt in "
              + files.describe()
              + "; name its base_model_name_or_path");
    }
  }

  private static boolean hasWeights(Path folder) {
    try (var files = Files.list(folder)) {
      return files.anyMatch(file ->
          String.valueOf(file.getFileName())
              .matches(".*\\.(safetensors|bin|pt|pth|gguf|onnx|index\\.json)"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private @Nullable Model teacher(DType dtype) {
    Recipe.Teacher known = recipe.teacher();
    return known.model().isEmpty() ? null : ModelLoader.of(files(known.model())).as(dtype).load();
  }

  private Objective<ExampleBatch> objective(Model model, TextTask task, @Nullable Model teacher) {
    Recipe.Teacher known = recipe.teacher();
    if (recipe.task() == Recipe.Task.FAIR) {
      Recipe.Teacher usual = Recipe.Teacher.NONE;
      boolean kept = known.temperature() == usual.temperature() && known.alpha() == usual.alpha();
      RecipeKeys.require(
          teacher != null && kept && recipe.learning().labelSmoothing() == 0,
          "teacher",
          "a model whose vectors are kept, with neither temperature, alpha nor label_smoothing",
          known);
      return new MiddleObjective(model, Objects.requireNonNull(teacher));
    }
    boolean plain = teacher == null && recipe.learning().labelSmoothing() == 0;
    RecipeKeys.require(
        plain || !task.isBare() && !task.finds(),
        recipe.task().name().toLowerCase(Locale.ROOT),
        "neither a teacher nor label_smoothing",
        "one of them");
    if (task.isBare()) {
      return PairObjective.of(model);
    }
    Distillation mixture =
        teacher == null ? null : new Distillation(known.temperature(), known.alpha());
    return new ModelObjective(
        model, task.next(), recipe.learning().labelSmoothing(), teacher, mixture);
  }

  private RecipeResult learn(
      TextTask task,
      ModelStart start,
      Adapted adapted,
      Objective<ExampleBatch> objective,
      long padding,
      ModelFiles files) {
    Recipe.Learning how = recipe.learning();
    TokenBudget budget = new TokenBudget(how.batchTokens(), how.batchExamples(), 4096);
    Feed<ExampleBatch> feed = task.learned(budget, Seeds.mix(how.seed(), 1), padding);
    long updates = updates(feed.epoch(0).size());
    TrainingOptions options =
        TrainingOptions.of(updates)
            .withBatches(how.batches())
            .withSeed(Seeds.mix(how.seed(), 2))
            .withSchedule(how.schedule(updates))
            .withClip(how.clip() == 0 ? Clip.NONE : Clip.norm(how.clip()));
    if (how.checkpointing()) {
      options = options.withCheckpointing();
    }
    long asked = recipe.watching().every();
    long every = asked == 0 ? Math.max(1, updates / TIMES) : asked;
    Evaluation evaluation = null;
    Map<String, Double> beside = Map.of();
    Share share = group == null || !sharing ? Share.ALL : new Share(group.rank(), group.size());
    try (Optimizer optimizer = new Optimizer(adapted.groups(), share);
        Trainer<ExampleBatch> trainer =
            new Trainer<>(start.model(), optimizer, objective, feed, options)) {
      if (group != null) {
        trainer.together(group);
      }
      listeners.forEach(trainer::listen);
      int average = recipe.watching().average();
      trainer.save(CheckpointPolicy.of(folder.resolve("checkpoints"), every).keepingBest(average));
      if (!task.valid().isEmpty()) {
        Feed<ExampleBatch> held =
            task.feed(task.valid(), budget, Seeds.mix(how.seed(), 3), padding);
        evaluation = task.evaluation(start.model(), held);
        trainer.evaluate(new EvaluationPolicy(evaluation, every, recipe.watching().patience()));
      }
      TrainingResult result = trainer.run();
      boolean first = group == null || group.rank() == 0;
      List<Long> best = first ? trainer.useBest(average) : List.of();
      double score =
          best.size() > 1 && evaluation != null
              ? evaluation.score().getAsDouble()
              : result.bestScore().orElse(Double.NaN);
      if (first && !task.valid().isEmpty()) {
        beside =
            task.beside(
                start.model(), task.feed(task.valid(), budget, Seeds.mix(how.seed(), 3), padding));
      }
      if (first) {
        TrainedFolder.write(folder, start, adapted, files, spelling(files), recipe.model());
      }
      return new RecipeResult(
          folder,
          result,
          evaluation == null ? "" : evaluation.metric(),
          score,
          task.train().size(),
          adapted.count(),
          start.model().parameterCount(),
          beside,
          best);
    }
  }

  private long updates(int batches) {
    Recipe.Learning how = recipe.learning();
    return how.updates() > 0
        ? how.updates()
        : Math.max(1, (long) Math.ceil(how.epochs() * batches / how.batches()));
  }

  /** The same with one more listener. */
  public RecipeRun listening(TrainingListener listener) {
    List<TrainingListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new RecipeRun(recipe, folder, more, group, sharing);
  }
}
