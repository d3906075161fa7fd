package dev.heed.server;

import dev.heed.generate.chat.ToolCalls;
import dev.heed.web.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tools that an answer may or must call.
 *
 * @param offered as the chat template reads them; empty for none
 * @param required a schema of the call that must be made, or null
 * @param parallel whether more than one may be called
 */
record Tools(List<JsonNode> offered, @Nullable JsonNode required, boolean parallel) {
  static Tools read(Fields fields) {
    JsonNode given = fields.any("tools");
    JsonNode choice = fields.any("tool_choice");
    boolean parallel = fields.flag("parallel_tool_calls", true);
    List<JsonNode> all = new ArrayList<>();
    if (given != null) {
      if (!given.isArray()) {
        throw fields.wrong("tools", "a list", given);
      }
      for (int i = 0; i < given.size(); i++) {
        all.add(tool(given.get(i), "tools[" + i + "]."));
      }
    }
    if (choice == null || choice.asString("").equals("auto")) {
      return new Tools(all, null, parallel);
    }
    if (choice.asString("").equals("none")) {
      return new Tools(List.of(), null, parallel);
    }
    List<JsonNode> allowed = all;
    if (choice.isObject()) {
      Fields named = new Fields(choice, "tool_choice.");
      named.only("type", "function");
      String name =
          new Fields(named.required("function"), "tool_choice.function.").requiredText("name");
      named.end();
      allowed = all.stream().filter(tool -> name(tool).equals(name)).toList();
    } else if (!choice.asString("").equals("required")) {
      throw fields.wrong("tool_choice", "none, auto, required or a function", choice);
    }
    if (allowed.isEmpty()) {
      throw fields.wrong("tool_choice", "one of the tools", choice);
    }
    return new Tools(all, ToolCalls.schema(allowed), parallel);
  }

  /** The schema of an answer of that schema, or of a call where tools are offered. */
  JsonNode or(JsonNode schema) {
    return offered.isEmpty() ? schema : ToolCalls.schema(offered, schema);
  }

  private static JsonNode tool(JsonNode tool, String where) {
    Fields fields = new Fields(tool, where);
    fields.only("type", "function");
    JsonNode function = fields.required("function");
    fields.end();
    Fields inner = new Fields(function, where + "function.");
    String name = inner.requiredText("name");
    if (!name.matches("[A-Za-z0-9_.-]{1,64}")) {
      throw Problem.ofParameter(
          where + "function.name",
          "invalid_value",
          where + "function.name: expected 1 to 64 of A-Z a-z 0-9 _ . -, got another name");
    }
    inner.text("description");
    inner.any("parameters");
    inner.flag("strict", false);
    inner.end();
    return tool;
  }

  private static String name(JsonNode tool) {
    return tool.path("function").path("name").asString("");
  }
}
