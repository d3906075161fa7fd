package dev.heed.task;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.model.Places;
import org.jspecify.annotations.Nullable;

/** What tasks have in common whose result a model writes. */
final class WrittenText {
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
   * What a checkpoint says of generation, with a length where it says none.
   *
   * @param most tokens to write, or null for what the files say
   */
  static SearchSettings settings(TextGenerator writer, @Nullable Integer most) {
    GenerationConfig config = writer.config();
    if (most != null) {
      config = config.with("max_new_tokens", most);
    } else if (!config.given().containsKey("max_new_tokens")
        && !config.given().containsKey("max_length")) {
      config = config.with("max_new_tokens", USUAL);
    }
    return SearchSettings.of(config);
  }
}
