package dev.heed.generate.chat;

import tools.jackson.databind.JsonNode;

/**
 * A model's wish that a tool be called.
 *
 * @param name of the tool
 * @param arguments an object
 */
public record ToolCall(String name, JsonNode arguments) {}
