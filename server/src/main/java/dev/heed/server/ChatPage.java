package dev.heed.server;

import dev.heed.generate.constrain.Constraint;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import dev.heed.web.Problem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/chat/completions}. */
record ChatPage(Serving serving, int usualLength) implements Page {
  private static final int MOST_LIKELIEST = 20;

  @Override
  public void answer(Exchange exchange) throws IOException, InterruptedException {
    serving.answer(exchange, this::answer);
  }

  private void answer(Exchange exchange, Fields fields, ServedModel model, Measured measured)
      throws IOException, InterruptedException {
    WritingQueue queue = model.requireWriting();
    Tools tools = Tools.read(fields);
    String prompt =
        Messages.prompt(model.requireTemplate(), fields.required("messages"), tools.offered());
    WritingWish wish = WritingWish.read(fields, queue.writer(), usualLength);
    Constraint form = form(fields, model, tools);
    boolean scored = fields.flag("logprobs", false);
    Integer likeliest = fields.integer("top_logprobs", 0, MOST_LIKELIEST);
    if (likeliest != null && !scored) {
      throw Problem.ofParameter(
          "top_logprobs", "invalid_value", "top_logprobs: expected logprobs as well, got none");
    }
    StreamWish stream = StreamWish.read(fields);
    String client = Clients.of(exchange, fields);
    fields.only("service_tier", "auto", "default");
    fields.only("store", "false");
    fields.without("metadata", "prompt_cache_key");
    JsonNode modalities = fields.any("modalities");
    if (modalities != null && !modalities.toString().equals("[\"text\"]")) {
      throw fields.wrong("modalities", "[\"text\"]", modalities);
    }
    fields.end();

    int[] tokens = queue.writer().templateTokens(prompt);
    measured.read(tokens.length);
    Integer told = scored ? Integer.valueOf(likeliest == null ? 0 : likeliest) : null;
    try (TextRun run = new TextRun(queue, exchange, client, told)) {
      run.write(tokens, wish, form);
      ChatShape shape = new ChatShape(queue.writer(), tools, scored);
      WritingReply reply = new WritingReply(exchange, run, shape, model.name(), measured);
      if (stream.streams()) {
        reply.stream(wish.count(), stream.usage());
      } else {
        reply.whole();
      }
    }
  }

  private static @Nullable Constraint form(Fields fields, ServedModel model, Tools tools) {
    JsonNode format = fields.any("response_format");
    if (tools.required() != null) {
      if (format != null && !format.path("type").asString("").equals("text")) {
        throw fields.wrong("response_format", "text where a tool must be called", format);
      }
      return model.requireConstraints().schema("tools", tools.required());
    }
    if (format == null) {
      return null;
    }
    Fields inner = new Fields(format, "response_format.");
    String type = inner.requiredText("type");
    JsonNode schema = inner.any("json_schema");
    inner.end();
    return switch (type) {
      case "text" -> null;
      case "json_object" ->
          model
              .requireConstraints()
              .schema(
                  "response_format",
                  tools.or(JsonMapper.shared().createObjectNode().put("type", "object")));
      case "json_schema" -> {
        if (schema == null) {
          throw fields.wrong("response_format", "a json_schema", format);
        }
        Fields named = new Fields(schema, "response_format.json_schema.");
        named.text("name");
        named.text("description");
        named.flag("strict", true);
        JsonNode own = named.required("schema");
        named.end();
        yield model.requireConstraints().schema("response_format", tools.or(own));
      }
      default -> throw inner.wrong("type", "text, json_object or json_schema", format);
    };
  }
}
