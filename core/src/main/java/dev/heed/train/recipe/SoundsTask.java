package dev.heed.train.recipe;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundBatch;
import dev.heed.audio.SoundFile;
import dev.heed.audio.SoundProcessor;
import dev.heed.evaluate.ErrorRate;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.SoundInput;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.DType;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * What is said in a sound, by letters (connectionist temporal classification, Graves et al. 2006);
 * scored by the word error rate of the likeliest letters. An example's one id is the place of its
 * sound.
 */
final class SoundsTask implements TextTask {
  /** Samples at the front end's rate, and what is said in them. */
  private record Spoken(float[] samples, String text) {}

  private final List<Spoken> sounds = new ArrayList<>();
  private final List<Example> train;
  private final List<Example> valid;
  private final SoundProcessor processor;
  private final SoundInput input;
  private final Tokenizer tokenizer;
  private final int blank;
  private final SoundChange change;
  private final FilterChange filters;
  private final DType dtype;

  /**
   * Reads the sounds.
   *
   * @throws IllegalArgumentException for a text with letters that the model does not have
   */
  SoundsTask(Recipe.Data data, ModelFiles files, DType dtype) {
    this.processor = SoundInput.processor(files);
    this.input = SoundInput.of(files);
    this.tokenizer = files.tokenizer();
    this.blank = files.json().path("pad_token_id").asInt(0);
    this.change = new SoundChange(data.augment(), processor.rate());
    this.filters = filters(data.augment(), processor);
    this.dtype = dtype;
    Split split = Split.of(data);
    boolean apart = !data.valid().isEmpty();
    this.train = examples(split.learned(), Path.of(data.train()));
    this.valid = examples(split.held(), Path.of(apart ? data.valid() : data.train()));
  }

  private static FilterChange filters(Augmentation bounds, SoundProcessor processor) {
    boolean none = bounds.voice() == 0 && bounds.bands() == 0;
    try (TensorScope scope = TensorScope.open()) {
      Tensor bank = none ? null : processor.melFilters();
      RecipeKeys.require(
          none || bank != null, "voice, bands", "a model that hears mel filters", "another");
      int count = bank == null ? 1 : Math.toIntExact(bank.size(1));
      return new FilterChange(bounds.voice(), bounds.bands(), count, processor.rate());
    }
  }

  private List<Example> examples(List<ExampleFile.Row> rows, Path table) {
    List<Example> examples = new ArrayList<>();
    try (TableFiles files = new TableFiles(table)) {
      for (ExampleFile.Row row : rows) {
        String name = row.require("sound");
        Sound sound = SoundFile.read(name, files.read(row.where(), name));
        String text = row.require("text");
        examples.add(new Example(new long[] {sounds.size()}, new long[1], ids(row.where(), text)));
        sounds.add(new Spoken(sound.mixedAt(processor.rate()), text));
      }
    }
    return examples;
  }

  private long[] ids(String where, String text) {
    long[] ids = tokenizer.ids(text, Integer.MAX_VALUE);
    long unknown = tokenizer.id(TokenRole.UNK).orElse(-1);
    if (ids.length == 0 || Arrays.stream(ids).anyMatch(id -> id == unknown || id == blank)) {
      throw new IllegalArgumentException(
          where + ": expected a text of the letters that the model has, got " + text);
    }
    return ids;
  }

  @Override
  public List<String> heads() {
    return List.of("ForCTC");
  }

  @Override
  public List<Example> train() {
    return train;
  }

  @Override
  public List<Example> valid() {
    return valid;
  }

  /** One sound a batch, so that all its frames count. */
  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(
        examples,
        TokenBudget.ofExamples(1),
        seed,
        chosen -> batch(chosen, spoken(chosen), heard -> heard));
  }

  @Override
  public Feed<ExampleBatch> learned(TokenBudget budget, long seed, long padding) {
    return TextTask.freshFeed(
        train,
        example -> (int) (sound(example).samples().length * 100L / processor.rate()),
        budget,
        seed,
        (chosen, own) -> {
          SplittableRandom random = new SplittableRandom(own);
          return batch(
              chosen,
              changed(chosen, random),
              heard -> change.hidden(filters.apply(heard, random), random));
        });
  }

  private Spoken sound(Example example) {
    return sounds.get((int) example.ids()[0]);
  }

  private List<Spoken> spoken(List<Example> chosen) {
    return chosen.stream().map(this::sound).toList();
  }

  /** Each with others of what is learned from behind it. */
  private List<Spoken> changed(List<Example> chosen, SplittableRandom random) {
    List<Spoken> changed = new ArrayList<>();
    for (Example example : chosen) {
      List<float[]> parts = new ArrayList<>(List.of(sound(example).samples()));
      StringBuilder text = new StringBuilder(sound(example).text());
      for (int more = random.nextInt(change.joined()); more > 0; more--) {
        Spoken other = sound(train.get(random.nextInt(train.size())));
        parts.add(other.samples());
        text.append(' ').append(other.text());
      }
      changed.add(new Spoken(change.apply(parts, random), text.toString()));
    }
    return changed;
  }

  private ExampleBatch batch(
      List<Example> chosen, List<Spoken> heard, UnaryOperator<SoundBatch> hiding) {
    List<Example> said = new ArrayList<>();
    for (int i = 0; i < heard.size(); i++) {
      long[] ids = tokenizer.ids(heard.get(i).text(), Integer.MAX_VALUE);
      said.add(new Example(chosen.get(i).ids(), new long[1], ids));
    }
    Tensor labels = ExampleBatch.rows(said, Example::labels, CrossEntropy.IGNORED);
    List<Sound> batch =
        heard.stream().map(one -> Sound.mono(processor.rate(), one.samples())).toList();
    return new ExampleBatch(
        input.of(hiding.apply(processor.process(batch)), dtype).with("labels", labels),
        said,
        labels);
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("word error rate", false, () -> errors(model, feed.epoch(0)).rate());
  }

  private ErrorRate errors(Model model, Feed.Epoch<ExampleBatch> epoch) {
    ErrorRate[] rates = new ErrorRate[epoch.size()];
    SideBySide.runSteadily(
        rates.length,
        i -> {
          try (TensorScope scope = TensorScope.inference()) {
            ExampleBatch batch = epoch.load(i);
            long[] best =
                model.apply(batch.input()).logits().select(0, 0).argmax(-1, false).toLongArray();
            rates[i] =
                ErrorRate.of(
                    ErrorRate.Unit.WORD,
                    tokenizer.decode(best, true).strip(),
                    sound(batch.examples().getFirst()).text());
          }
        });
    return Arrays.stream(rates).reduce(ErrorRate.NONE, ErrorRate::plus);
  }
}
