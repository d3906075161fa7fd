package dev.heed.task;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes a text's vector of the states of its tokens, as the folder of a sentence-transformers
 * model says.
 *
 * @param pooling one or several, whose results stand side by side
 * @param countsPrompt whether the tokens of a prompt are pooled too
 * @param dense maps of the pooled vector, in order
 * @param normalised whether vectors are divided by their length
 * @param lowercases whether texts are lowercased first
 * @param longest tokens of a text that are read, special ones included
 * @param prompts by name, put in front of a text
 * @param prompt the name of the one that is used unless another is asked for, or null
 */
record EmbeddingRecipe(
    List<Pooling> pooling,
    boolean countsPrompt,
    List<DenseMap> dense,
    boolean normalised,
    boolean lowercases,
    int longest,
    Map<String, String> prompts,
    @Nullable String prompt) {
  /** What stands in front of a text unless another prompt is asked for. */
  String usualPrompt() {
    String usual = prompt == null ? null : prompts.get(prompt);
    return usual == null ? "" : usual;
  }
}
