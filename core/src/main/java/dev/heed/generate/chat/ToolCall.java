package dev.heed.generate.chat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's wish that a tool be called.
 *
 * @param id by which its result names it; empty where the model gives none
 * @param name of the tool
 * @param arguments an object
 */
public record ToolCall(String id, String name, JsonNode arguments) {
  /** A call as models write it, without an id. */
  public ToolCall(String name, JsonNode arguments) {
    this("", name, arguments);
  }

  /** Adds it to a message, in the shape that chat templates read. */
  void write(ObjectNode to) {
    to.put("id", id).put("type", "function");
    to.putObject("function").put("name", name).set("arguments", arguments);
  }
}
