package dev.heed.generate.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What speech recognition adds.
 *
 * @param returnTimestamps whether timestamps are generated, by Whisper's rules
 * @param noTimestampsTokenId the token that switches them off
 * @param maxInitialTimestampIndex how many steps after the beginning the first one may lie
 * @param isMultilingual whether the model knows several languages
 * @param langToId tokens by language, as in {@code <|en|>}
 * @param taskToId tokens by task, {@code transcribe} and {@code translate}
 * @param language what is spoken; null: the model decides
 * @param task one of taskToId; null: transcribe
 * @param prevSotTokenId the token before earlier text
 * @param alignmentHeads pairs of layer and head whose cross-attention aligns words
 */
public record WhisperOptions(
    boolean returnTimestamps,
    @Nullable Integer noTimestampsTokenId,
    @Nullable Integer maxInitialTimestampIndex,
    boolean isMultilingual,
    Map<String, Integer> langToId,
    Map<String, Integer> taskToId,
    @Nullable String language,
    @Nullable String task,
    @Nullable Integer prevSotTokenId,
    List<List<Integer>> alignmentHeads) {
  /** What holds where a config does not say. */
  public static final WhisperOptions DEFAULTS =
      new WhisperOptions(false, null, null, false, Map.of(), Map.of(), null, null, null, List.of());

  /** Checks that timestamps can be generated where they are asked for. */
  public WhisperOptions {
    Options.require(
        !returnTimestamps || noTimestampsTokenId != null,
        "return_timestamps",
        "a no_timestamps_token_id beside it",
        "none");
  }
}
