package dev.heed.checkpoint.gguf;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens that end a generation: those that the metadata names, and those that are known by
 * their spelling, since files of chat models name only one. (llama.cpp, {@code llama-vocab.cpp},
 * {@code special_eog_ids}.)
 */
public final class GgufEndTokens {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final List<String> NAMED = List.of("eos", "eot", "eom");
  private static final Set<String> KNOWN =
      Set.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          // What stands around code that is filled in.
          "<|fim_pad|>",
          "<fim-pad>",
          "<fim_pad>",
          "<PAD>",
          "[PAD]",
          "<|fim_repo|>",
          "<|repo_name|>",
          "<fim-repo>",
          "<REPO>",
          "<reponame>",
          "<|file_sep|>");

  private GgufEndTokens() {}

  /**
   * The numbers of the tokens, the end of a text that the file names first.
   *
   * @param metadata a file's
   * @return none where the file has no vocabulary and names none
   */
  public static List<Long> of(GgufMetadata metadata) {
    Set<Long> ends = new LinkedHashSet<>();
    for (String name : NAMED) {
      metadata.find(PREFIX + name + "_token_id").ifPresent(id -> ends.add(id.integer()));
    }
    Optional<GgufValue> tokens = metadata.find(PREFIX + "tokens");
    if (tokens.isPresent()) {
      List<String> texts = tokens.get().texts();
      for (int id = 0; id < texts.size(); id++) {
        if (KNOWN.contains(texts.get(id))) {
          ends.add((long) id);
        }
      }
    }
    return List.copyOf(ends);
  }
}
