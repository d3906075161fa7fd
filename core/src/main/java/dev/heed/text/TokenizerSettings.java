package dev.heed.text;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the files of a checkpoint say about its tokenizer beside how it cuts text.
 *
 * @param modelMaxLength the most tokens that the model reads ({@code model_max_length}), if they
 *     say
 * @param roles the token of each role that they name
 * @param additionalSpecialTokens special tokens without a role
 * @param paddingSide where batches are filled
 * @param paddingType the segment number of what fills them
 * @param truncationSide where long texts are cut off
 * @param cleanUp whether decoding takes out spaces before punctuation
 * @param chatTemplates Jinja templates by name; the main one is {@code default}
 */
public record TokenizerSettings(
    OptionalInt modelMaxLength,
    Map<TokenRole, String> roles,
    List<String> additionalSpecialTokens,
    Side paddingSide,
    int paddingType,
    Side truncationSide,
    boolean cleanUp,
    Map<String, String> chatTemplates) {
  /** What holds where the files say nothing. */
  public static final TokenizerSettings NONE =
      new TokenizerSettings(
          OptionalInt.empty(), Map.of(), List.of(), Side.RIGHT, 0, Side.RIGHT, false, Map.of());

  /** Copies the collections. */
  public TokenizerSettings {
    roles = Map.copyOf(roles);
    additionalSpecialTokens = List.copyOf(additionalSpecialTokens);
    chatTemplates = Map.copyOf(chatTemplates);
  }
}
