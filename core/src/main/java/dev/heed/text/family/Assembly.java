package dev.heed.text.family;

import dev.heed.text.BatchRule;
import dev.heed.text.Side;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;

/**
 * The last step of every family: a tokenizer of its parts, once every key of the config is known.
 *
 * @param folder the files
 * @param special the special tokens
 * @param added where texts have them
 */
record Assembly(FamilyFolder folder, SpecialTokens special, AddedTokens added) {
  /** A tokenizer that fills batches on the right. */
  Tokenizer tokenizer(Steps steps, PostProcessor post) {
    return tokenizer(steps, post, folder.settings(special, Side.RIGHT, 0, true));
  }

  /** A tokenizer. */
  Tokenizer tokenizer(Steps steps, PostProcessor post, TokenizerSettings settings) {
    folder.done();
    return new Tokenizer(new TransformersPipeline(added, steps), post, settings, BatchRule.NONE);
  }
}
