package dev.heed.server;

import dev.heed.generate.chat.ChatTemplate;
import dev.heed.generate.chat.ToolCalls;
import dev.heed.generate.template.TemplateException;
import dev.heed.web.Problem;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The messages of a chat, from OpenAI's shape to the one that chat templates read. */
final class Messages {
  private static final List<String> ROLES =
      List.of("system", "developer", "user", "assistant", "tool");

  private Messages() {}

  /**
   * The prompt after which the model answers.
   *
   * @param messages a list as the request holds it
   * @param tools that the answer may call
   * @throws Problem 400 for messages that are wrong, or that the template refuses
   */
  static String prompt(ChatTemplate template, JsonNode messages, List<JsonNode> tools) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw Problem.ofParameter(
          "messages", "invalid_value", "messages: expected a list of one or more");
    }
    ObjectNode variables = JsonMapper.shared().createObjectNode();
    ArrayNode all = variables.putArray("messages");
    for (int i = 0; i < messages.size(); i++) {
      all.add(message(messages.get(i), "messages[" + i + "]."));
    }
    if (!tools.isEmpty()) {
      variables.putArray("tools").addAll(tools);
    }
    try {
      return template.prompt(variables);
    } catch (TemplateException e) {
      throw Problem.ofParameter(
          "messages",
          "invalid_messages",
          "messages: the model's chat template refuses them: " + e.getMessage());
    }
  }

  private static ObjectNode message(JsonNode given, String where) {
    Fields fields = new Fields(given, where);
    String role = fields.requiredText("role");
    if (!ROLES.contains(role)) {
      throw fields.wrong("role", "one of " + ROLES, fields.required("role"));
    }
    ObjectNode message = JsonMapper.shared().createObjectNode();
    message.put("role", role.equals("developer") ? "system" : role);
    JsonNode calls = fields.any("tool_calls");
    JsonNode content = fields.any("content");
    if (content == null && calls == null) {
      fields.required("content");
    }
    message.put("content", content == null ? "" : text(content, where));
    if (calls != null) {
      message.set("tool_calls", calls(calls, where));
    }
    for (String name : List.of("name", "tool_call_id")) {
      String value = fields.text(name);
      if (value != null) {
        message.put(name, value);
      }
    }
    fields.without("refusal");
    fields.end();
    return message;
  }

  private static String text(JsonNode content, String where) {
    if (content.isString()) {
      return content.stringValue();
    }
    StringBuilder text = new StringBuilder();
    if (!content.isArray()) {
      throw Problem.ofParameter(
          where + "content",
          "invalid_value",
          where + "content: expected a string or a list of parts of type text");
    }
    for (int i = 0; i < content.size(); i++) {
      Fields part = new Fields(content.get(i), where + "content[" + i + "].");
      part.only("type", "text");
      text.append(part.requiredText("text"));
      part.end();
    }
    return text.toString();
  }

  /** Templates read arguments as an object, where the interface has a string of JSON. */
  private static ArrayNode calls(JsonNode calls, String where) {
    ArrayNode all = JsonMapper.shared().createArrayNode();
    for (int i = 0; i < calls.size(); i++) {
      String at = where + "tool_calls[" + i + "].";
      Fields fields = new Fields(calls.get(i), at);
      fields.only("type", "function");
      Fields function = new Fields(fields.required("function"), at + "function.");
      ObjectNode call = all.addObject();
      String id = fields.text("id");
      call.put("id", id == null ? "" : id);
      call.put("type", "function");
      ObjectNode inner = call.putObject("function");
      inner.put("name", function.requiredText("name"));
      inner.set("arguments", arguments(function.requiredText("arguments"), at));
      function.end();
      fields.without("index");
      fields.end();
    }
    return all;
  }

  private static JsonNode arguments(String text, String at) {
    try {
      return ToolCalls.object("arguments", text);
    } catch (IllegalArgumentException e) {
      throw Problem.ofParameter(
          at + "function.arguments",
          "invalid_value",
          at + "function.arguments: expected a JSON object as a string");
    }
  }
}
