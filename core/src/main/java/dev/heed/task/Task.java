package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a checkpoint can be asked to do, by the head that it has. */
public enum Task {
  /** Which class a text or a pair of texts is of. */
  CLASSIFY("ForSequenceClassification"),
  /** How well a document answers a query. */
  RERANK("ForSequenceClassification"),
  /** The named entities of a text. */
  ENTITIES("ForTokenClassification"),
  /** The part of a text that answers a question, or an answer in the model's own words. */
  ANSWER("ForQuestionAnswering", "ForConditionalGeneration", "T5WithLMHeadModel"),
  /** The words that a mask hides. */
  FILL("ForMaskedLM", "ForPreTraining", "ForConditionalGeneration", "T5WithLMHeadModel"),
  /** Whether a text follows another. */
  NEXT("ForNextSentencePrediction", "ForPreTraining"),
  /** A text in another language. */
  TRANSLATE("ForConditionalGeneration", "MTModel", "T5WithLMHeadModel"),
  /** A text in fewer words. */
  SUMMARIZE("ForConditionalGeneration", "MTModel", "T5WithLMHeadModel"),
  /** A program's missing part. */
  COMPLETE("ForCausalLM", "LMHeadModel", "ReformerModelWithLMHead"),
  /** What is said in a sound. */
  HEAR(
      "ForCTC",
      "WhisperForConditionalGeneration",
      "Speech2TextForConditionalGeneration",
      "MoonshineForConditionalGeneration"),
  /** The classes of an image, or what is where in it. */
  SEE("ForImageClassification", "ForImageClassificationWithTeacher", "ForObjectDetection"),
  /** How well images and texts go together. */
  MATCH("CLIPModel", "SiglipModel", "BlipModel", "BlipForImageTextRetrieval"),
  /** The steps that follow a time series. */
  FORECAST("ForPrediction"),
  /** A text that goes on. */
  GENERATE(
      "ForCausalLM",
      "LMHeadModel",
      "ReformerModelWithLMHead",
      "ForConditionalGeneration",
      "MTModel",
      "T5WithLMHeadModel");

  /** Architectures whose names end as those of texts do, and that read something else. */
  private static final Set<String> OTHERS =
      Set.of(
          "BlipForConditionalGeneration",
          "ElectraForPreTraining",
          "MoonshineForConditionalGeneration",
          "Speech2TextForConditionalGeneration",
          "ViTMAEForPreTraining",
          "Wav2Vec2ForPreTraining",
          "WhisperForConditionalGeneration");

  private final List<String> endings;

  Task(String... endings) {
    this.endings = List.of(endings);
  }

  /** The command's name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an architecture, for example {@code BertForMaskedLM}, has the head for it. */
  public boolean fits(String architecture) {
    return (this == HEAR || !OTHERS.contains(architecture))
        && endings.stream().anyMatch(architecture::endsWith);
  }

  /** All that an architecture has the head for. */
  public static List<Task> of(String architecture) {
    return Arrays.stream(values()).filter(task -> task.fits(architecture)).toList();
  }

  /**
   * Refuses a checkpoint without the head.
   *
   * @return the config, of which nothing is read yet
   * @throws CheckpointException {@code UNSUPPORTED}, naming what it has and what that is good for;
   *     as {@link ModelFamilies#of}
   */
  public ModelConfig require(ModelFiles files) {
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    String architecture = ModelFamilies.of(config).architecture();
    if (!fits(architecture)) {
      List<String> others = of(architecture).stream().map(Task::word).toList();
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          config.where() + ", architectures",
          "for " + word() + " a model whose name ends in " + String.join(" or ", endings),
          architecture,
          others.isEmpty()
              ? "Choose a checkpoint that was trained for it."
              : "This one fits: " + String.join(", ", others) + ".");
    }
    return config;
  }
}
