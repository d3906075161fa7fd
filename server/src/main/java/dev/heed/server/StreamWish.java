package dev.heed.server;

import tools.jackson.databind.JsonNode;

/**
 * Whether an answer comes in pieces.
 *
 * @param streams whether it does
 * @param usage whether the last piece tells how many tokens there were
 */
record StreamWish(boolean streams, boolean usage) {
  static StreamWish read(Fields fields) {
    boolean streams = fields.flag("stream", false);
    JsonNode options = fields.any("stream_options");
    if (options == null) {
      return new StreamWish(streams, false);
    }
    if (!streams) {
      throw fields.wrong("stream_options", "stream as well", options);
    }
    Fields inner = new Fields(options, "stream_options.");
    boolean usage = inner.flag("include_usage", false);
    inner.without("include_obfuscation");
    inner.end();
    return new StreamWish(true, usage);
  }
}
