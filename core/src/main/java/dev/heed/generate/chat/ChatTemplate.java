package dev.heed.generate.chat;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.SmallFile;
import dev.heed.generate.template.Rendered;
import dev.heed.generate.template.Template;
import dev.heed.generate.template.TemplateException;
import dev.heed.model.ModelFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's chat template and the special tokens that it may name.
 *
 * @param template what renders
 * @param specials {@code bos_token}, {@code eos_token} and the like, as texts
 */
public record ChatTemplate(Template template, ObjectNode specials) {
  private static final String KEY = "chat_template";
  private static final int LARGEST = 16 << 20;

  /**
   * Finds a checkpoint's template: {@code chat_template.jinja}, {@code chat_template.json} or the
   * key {@code chat_template} of its {@code tokenizer_config.json}; of several by name the one
   * called {@code default}.
   *
   * @return empty if it has none
   * @throws CheckpointException for invalid files
   * @throws TemplateException for an invalid template
   */
  public static Optional<ChatTemplate> of(ModelFiles files) {
    JsonNode config = files.json("tokenizer_config.json");
    Path own = files.file("chat_template.jinja");
    JsonNode json = files.json("chat_template.json");
    JsonNode given = json != null ? json : config;
    String source =
        own != null
            ? new String(SmallFile.read(own, LARGEST), StandardCharsets.UTF_8)
            : given == null ? null : source(given.get(KEY));
    return source == null
        ? Optional.empty()
        : Optional.of(new ChatTemplate(Template.parse(source), specials(config)));
  }

  private static @Nullable String source(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return null;
    }
    if (given.isString()) {
      return given.stringValue();
    }
    String source = null;
    for (JsonNode named : given) {
      boolean main = named.path("name").asString("").equals("default");
      if (source == null || main) {
        source = named.path("template").asString("");
      }
    }
    return source;
  }

  private static ObjectNode specials(@Nullable JsonNode config) {
    ObjectNode specials = JsonMapper.shared().createObjectNode();
    if (config == null) {
      return specials;
    }
    config
        .properties()
        .forEach(entry -> {
          JsonNode value = entry.getValue();
          JsonNode text = value.isObject() ? value.get("content") : value;
          if (entry.getKey().endsWith("_token") && text != null && text.isString()) {
            specials.set(entry.getKey(), text);
          }
        });
    return specials;
  }

  /** The prompt after which the model answers messages. */
  public String prompt(List<ChatMessage> messages) {
    return prompt(messages, List.of());
  }

  /**
   * The prompt after which the model answers messages, perhaps by a call.
   *
   * @param tools that it may call, as the template reads them; empty for none
   * @throws TemplateException if the template refuses them
   */
  public String prompt(List<ChatMessage> messages, List<JsonNode> tools) {
    ObjectNode variables = JsonMapper.shared().createObjectNode();
    ArrayNode all = variables.putArray("messages");
    messages.forEach(message -> message.write(all));
    if (!tools.isEmpty()) {
      variables.putArray("tools").addAll(tools);
    }
    return prompt(variables);
  }

  /**
   * The prompt after which the model answers messages of any shape.
   *
   * @param variables as for {@link #render}
   * @throws TemplateException if the template refuses them, or leaves tools out, so that the model
   *     would not know of them
   */
  public String prompt(ObjectNode variables) {
    ObjectNode asked = variables.deepCopy();
    asked.put("add_generation_prompt", true);
    String prompt = render(asked).text();
    if (!asked.path("tools").isEmpty() && render(asked.without("tools")).text().equals(prompt)) {
      throw new TemplateException(
          TemplateException.Kind.VALUE,
          "tools: expected a chat template that names them, got one that leaves them out; ask"
              + " without tools, or choose a model that was trained to call them");
    }
    return prompt;
  }

  /**
   * Renders messages of any shape.
   *
   * @param variables {@code messages}, and perhaps {@code tools}, {@code documents}, {@code
   *     add_generation_prompt} and what else the template knows
   * @throws TemplateException if the template refuses them
   */
  public Rendered render(ObjectNode variables) {
    ObjectNode all = specials.deepCopy();
    all.putNull("tools");
    all.putNull("documents");
    all.put("add_generation_prompt", false);
    variables.properties().forEach(entry -> all.set(entry.getKey(), entry.getValue()));
    return template.render(all, LocalDateTime.now(ZoneId.systemDefault()));
  }
}
