package dev.heed.task;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.model.Places;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What tasks have in common whose result a model writes. */
final class WrittenText {
  /** How many texts are written side by side where nothing is said. */
  static final int AT_ONCE = 16;

  private static final int USUAL = 256;

  private WrittenText() {}

  /** How many tokens a model reads of one text, a decoder with room for what it writes. */
  static int room(ModelFiles files, TextGenerator writer) {
    int positions = Places.longest(new ModelConfig(files.describe(), files.json()));
    int longest =
        Math.min(
            positions, writer.tokenizer().settings().modelMaxLength().orElse(Integer.MAX_VALUE));
    return writer.model().kind() == ModelKind.DECODER && longest < Integer.MAX_VALUE
        ? longest - Math.min(USUAL, longest / 4)
        : longest;
  }

  /**
   * How long a search writes: what a config says, or a usual length where it says none.
   *
   * @param most tokens to write, or null for what the config says
   */
  static SearchSettings settings(GenerationConfig config, @Nullable Integer most) {
    GenerationConfig own = config;
    if (most != null) {
      own = own.with("max_new_tokens", most);
    } else if (!own.given().containsKey("max_new_tokens")
        && !own.given().containsKey("max_length")) {
      own = own.with("max_new_tokens", USUAL);
    }
    return SearchSettings.of(own);
  }

  /**
   * What a model's config says of one task in {@code task_specific_params}, over what is said in
   * general; {@code prefix} is text and left to the task.
   *
   * @throws dev.heed.checkpoint.CheckpointException for a key that is no option of generation
   */
  static GenerationConfig ofTask(ModelConfig config, String task, GenerationConfig general) {
    JsonNode own = config.json().path("task_specific_params").path(task);
    if (!own.isObject()) {
      return general;
    }
    ObjectNode keys = (ObjectNode) own.deepCopy();
    keys.remove("prefix");
    return general.withAll(config.where() + ", task_specific_params, " + task, keys);
  }
}
