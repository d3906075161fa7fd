package dev.heed.explorer;

import dev.heed.explain.edit.EditedModel;
import dev.heed.generate.TextGenerator;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.text.Tokenizer;

/**
 * A model with its head.
 *
 * @param model whoever opened it closes it
 * @param tokenizer of its texts
 * @param edited the same, to be changed
 */
record WholeModel(Model model, Tokenizer tokenizer, EditedModel edited) {
  static WholeModel open(ModelFiles files) {
    Tokenizer tokenizer = files.tokenizer();
    Model model = ModelLoader.of(files).load();
    try {
      return new WholeModel(model, tokenizer, EditedModel.of(model));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The same model as one that writes, which stays its owner. */
  static WholeModel of(TextGenerator writer) {
    return new WholeModel(writer.model(), writer.tokenizer(), EditedModel.of(writer.model()));
  }
}
