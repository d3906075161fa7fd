package dev.heed.generate.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of tools in what a model answered, in the ways that open models write them: JSON
 * between {@code <tool_call>} tags (Hermes, Qwen), after {@code [TOOL_CALLS]} (Mistral), as the
 * whole answer (Llama 3), after {@code <|tool_call|>} (Granite), or {@code <function=NAME>} with
 * parameters in tags (Qwen Coder).
 *
 * @param text the answer without them
 * @param calls in order
 */
public record ToolCalls(String text, List<ToolCall> calls) {
  private static final Pattern TAGGED =
      Pattern.compile("<tool_call>(.*?)(?:</tool_call>|\\z)", Pattern.DOTALL);
  private static final Pattern FUNCTION =
      Pattern.compile("<function=([^>\\s]++)>(.*?)(?:</function>|\\z)", Pattern.DOTALL);
  private static final Pattern PARAMETER =
      Pattern.compile("<parameter=([^>\\s]++)>\\n?(.*?)\\n?</parameter>", Pattern.DOTALL);
  private static final Pattern LISTED =
      Pattern.compile("(?:\\[TOOL_CALLS]|<\\|tool_call\\|>)\\s*+(.*)\\z", Pattern.DOTALL);
  private static final Pattern WHOLE =
      Pattern.compile("\\A\\s*+(?:<\\|python_tag\\|>)?\\s*+(\\{.*})\\s*+\\z", Pattern.DOTALL);

  /** Keywords whose values are values and no schemas. */
  private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");

  /** Copies the list. */
  public ToolCalls {
    calls = List.copyOf(calls);
  }

  /**
   * Finds the calls; what looks like one and is none stays in the text.
   *
   * @param answer of the model, special tokens included
   */
  public static ToolCalls parse(String answer) {
    List<ToolCall> calls = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    Matcher tagged = TAGGED.matcher(answer);
    int from = 0;
    while (tagged.find()) {
      List<ToolCall> found = tagged(tagged.group(1));
      rest.append(answer, from, found.isEmpty() ? tagged.end() : tagged.start());
      from = tagged.end();
      calls.addAll(found);
    }
    rest.append(answer, from, answer.length());
    if (calls.isEmpty()) {
      for (Pattern pattern : List.of(LISTED, WHOLE)) {
        Matcher matcher = pattern.matcher(answer);
        List<ToolCall> found = matcher.find() ? json(matcher.group(1)) : List.of();
        if (!found.isEmpty()) {
          return new ToolCalls(answer.substring(0, matcher.start()).strip(), found);
        }
      }
    }
    return new ToolCalls(calls.isEmpty() ? answer : rest.toString().strip(), calls);
  }

  /**
   * The JSON schema of a call: an object of {@code name} and {@code arguments}.
   *
   * @param tools one or more that may be called, in OpenAI's shape: {@code {"type": "function",
   *     "function": {"name": ..., "parameters": SCHEMA}}}
   */
  public static JsonNode schema(List<JsonNode> tools) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    ArrayNode options = schema.putArray("anyOf");
    for (JsonNode tool : tools) {
      JsonNode function = tool.path("function");
      ObjectNode option = options.addObject().put("type", "object");
      ObjectNode properties = option.putObject("properties");
      properties.putObject("name").put("const", function.path("name").asString(""));
      JsonNode parameters = function.path("parameters");
      properties.set(
          "arguments",
          parameters.isObject()
              ? parameters
              : JsonMapper.shared().createObjectNode().put("type", "object"));
      option.putArray("required").add("name").add("arguments");
      option.put("additionalProperties", false);
    }
    return options.size() == 1 ? options.get(0) : schema;
  }

  /**
   * The JSON schema of an answer that is either a call or what another schema says.
   *
   * @param tools one or more that may be called, as for {@link #schema(List)}
   * @param answer the schema of an answer that calls none
   */
  public static JsonNode schema(List<JsonNode> tools, JsonNode answer) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.putArray("anyOf").add(schema(tools)).add(moved(answer, "#/anyOf/1"));
    return schema;
  }

  /** The same schema as a part of another: what it refers to within itself is there now. */
  private static JsonNode moved(JsonNode schema, String to) {
    if (schema instanceof ArrayNode list) {
      ArrayNode all = JsonMapper.shared().createArrayNode();
      list.forEach(one -> all.add(moved(one, to)));
      return all;
    }
    if (!(schema instanceof ObjectNode object)) {
      return schema;
    }
    ObjectNode all = JsonMapper.shared().createObjectNode();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      JsonNode value = entry.getValue();
      String name = entry.getKey();
      if (name.equals("$ref") && value.isString() && value.stringValue().startsWith("#")) {
        all.put(name, to + value.stringValue().substring(1));
      } else {
        all.set(name, VALUES.contains(name) ? value : moved(value, to));
      }
    }
    return all;
  }

  /**
   * Reads what stands as text where an object is meant: arguments, a schema.
   *
   * @param name what it is, for the message
   * @param text JSON; a blank one is an object without keys
   * @throws IllegalArgumentException if it is no JSON object
   */
  public static JsonNode object(String name, String text) {
    JsonNode read = parsed(text.isBlank() ? "{}" : text);
    if (read == null || !read.isObject()) {
      throw new IllegalArgumentException(name + ": expected a JSON object, got another text");
    }
    return read;
  }

  private static List<ToolCall> tagged(String inside) {
    List<ToolCall> calls = new ArrayList<>();
    Matcher function = FUNCTION.matcher(inside);
    while (function.find()) {
      ObjectNode arguments = JsonMapper.shared().createObjectNode();
      Matcher parameter = PARAMETER.matcher(function.group(2));
      while (parameter.find()) {
        JsonNode value = parsed(parameter.group(2));
        arguments.set(
            parameter.group(1),
            value != null && !value.isString()
                ? value
                : JsonMapper.shared().getNodeFactory().stringNode(parameter.group(2)));
      }
      calls.add(new ToolCall(function.group(1), arguments));
    }
    return calls.isEmpty() ? json(inside) : calls;
  }

  private static List<ToolCall> json(String text) {
    JsonNode parsed = parsed(text);
    List<ToolCall> calls = new ArrayList<>();
    if (parsed == null) {
      return calls;
    }
    for (JsonNode one : parsed.isArray() ? parsed : List.of(parsed)) {
      JsonNode arguments = one.has("arguments") ? one.get("arguments") : one.get("parameters");
      if (arguments != null && arguments.isString()) {
        arguments = parsed(arguments.stringValue());
      }
      if (!one.path("name").isString() || arguments == null || !arguments.isObject()) {
        return List.of();
      }
      calls.add(new ToolCall(one.get("name").stringValue(), arguments));
    }
    return calls;
  }

  private static @Nullable JsonNode parsed(String text) {
    try {
      JsonNode json = JsonMapper.shared().readTree(text.strip());
      return json.isMissingNode() ? null : json;
    } catch (JacksonException e) {
      return null;
    }
  }
}
