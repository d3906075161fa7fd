package dev.heed.task;

import dev.heed.generate.SamplingWish;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.chat.ToolCalls;
import dev.heed.generate.constrain.Constraint;
import dev.heed.generate.constrain.JsonSchema;
import dev.heed.generate.search.SearchSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an answer in a chat is wished; what is null, the model's {@code generation_config.json} says.
 *
 * @param longest most tokens of the answer
 * @param temperature divides the scores before one is drawn; 0 takes the likeliest token
 * @param topP draw from the likeliest tokens that have this probability together
 * @param topK draw from so many likeliest tokens
 * @param frequencyPenalty is taken from a token's score for each time that the answer has it
 * @param presencePenalty is taken from a token's score once the answer has it
 * @param seed of what is drawn; drawn itself if null
 * @param stops texts that end the answer
 * @param schema of the JSON that the answer must be where it calls no tool, or null for any text
 * @param tools that the answer may call, as chat templates read them; empty for none
 * @param mustCall whether it must call one of them
 */
public record ChatWish(
    @Nullable Integer longest,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double frequencyPenalty,
    @Nullable Double presencePenalty,
    @Nullable Long seed,
    List<String> stops,
    @Nullable JsonNode schema,
    List<JsonNode> tools,
    boolean mustCall) {
  /** What the model's files say, as text. */
  public static final ChatWish NONE =
      new ChatWish(null, null, null, null, null, null, null, List.of(), null, List.of(), false);

  private static final int USUAL_LENGTH = 1024;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a tool must be called and there is none, or both a schema
   *     and a call are wished
   */
  public ChatWish {
    stops = List.copyOf(stops);
    tools = List.copyOf(tools);
    if (mustCall && (tools.isEmpty() || schema != null)) {
      throw new IllegalArgumentException(
          "mustCall: expected tools and no schema, got "
              + (tools.isEmpty() ? "no tool" : "a schema"));
    }
  }

  /** The same with at most so many tokens. */
  public ChatWish withLongest(int tokens) {
    return new ChatWish(
        tokens,
        temperature,
        topP,
        topK,
        frequencyPenalty,
        presencePenalty,
        seed,
        stops,
        schema,
        tools,
        mustCall);
  }

  /**
   * What the search is to do.
   *
   * @throws IllegalArgumentException for a value out of its range
   * @throws dev.heed.generate.constrain.GrammarException for a schema that is not understood
   */
  SearchSettings settings(TextGenerator writer) {
    SearchSettings settings =
        new SamplingWish(
                longest,
                temperature,
                topP,
                topK,
                null,
                null,
                frequencyPenalty,
                presencePenalty,
                seed,
                stops)
            .settings(writer.config(), USUAL_LENGTH);
    JsonNode form =
        mustCall
            ? ToolCalls.schema(tools)
            : schema == null || tools.isEmpty() ? schema : ToolCalls.schema(tools, schema);
    return form == null
        ? settings
        : Constraint.of(
                JsonSchema.grammar(form),
                writer.tokenizer(),
                settings.config().tokens().eosTokenId())
            .on(settings);
  }
}
