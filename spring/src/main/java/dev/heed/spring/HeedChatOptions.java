package dev.heed.spring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.tool.ToolCallback;

/** How an answer is wished: Spring AI's own options, with tools and a schema of the answer. */
public final class HeedChatOptions extends DefaultToolCallingChatOptions
    implements StructuredOutputChatOptions {
  private final @Nullable String outputSchema;

  private HeedChatOptions(
      List<ToolCallback> tools,
      Map<String, Object> context,
      @Nullable String model,
      @Nullable Double frequencyPenalty,
      @Nullable Integer maxTokens,
      @Nullable Double presencePenalty,
      @Nullable List<String> stopSequences,
      @Nullable Double temperature,
      @Nullable Integer topK,
      @Nullable Double topP,
      @Nullable String outputSchema) {
    super(
        tools,
        context,
        model,
        frequencyPenalty,
        maxTokens,
        presencePenalty,
        stopSequences,
        temperature,
        topK,
        topP);
    this.outputSchema = outputSchema;
  }

  /** Options that say nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** The JSON schema that the answer must obey, or null for any text. */
  @Override
  public @Nullable String getOutputSchema() {
    return outputSchema;
  }

  @Override
  public Builder mutate() {
    return new Builder()
        .toolCallbacks(getToolCallbacks())
        .toolContext(getToolContext())
        .model(getModel())
        .frequencyPenalty(getFrequencyPenalty())
        .maxTokens(getMaxTokens())
        .presencePenalty(getPresencePenalty())
        .stopSequences(getStopSequences())
        .temperature(getTemperature())
        .topK(getTopK())
        .topP(getTopP())
        .outputSchema(outputSchema);
  }

  /** What options are made with. */
  public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
      implements StructuredOutputChatOptions.Builder<Builder> {
    private @Nullable String outputSchema;

    private Builder() {}

    /**
     * Binds the answer.
     *
     * @param schema a JSON schema, or null for any text
     */
    @Override
    public Builder outputSchema(@Nullable String schema) {
      this.outputSchema = schema;
      return this;
    }

    @Override
    public Builder combineWith(ChatOptions.Builder<?> other) {
      super.combineWith(other);
      if (other instanceof Builder given && given.outputSchema != null) {
        outputSchema = given.outputSchema;
      }
      return this;
    }

    @Override
    public HeedChatOptions build() {
      return new HeedChatOptions(
          toolCallbacks == null ? List.of() : toolCallbacks,
          toolContext == null ? Map.of() : toolContext,
          model,
          frequencyPenalty,
          maxTokens,
          presencePenalty,
          stopSequences,
          temperature,
          topK,
          topP,
          outputSchema);
    }
  }
}
