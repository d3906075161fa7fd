package dev.heed.server;

import dev.heed.task.Embedder;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}. */
record EmbeddingsPage(Serving serving) implements Page {
  private static final int MOST_TEXTS = 2048;

  @Override
  public void answer(Exchange exchange) throws IOException, InterruptedException {
    serving.answer(exchange, EmbeddingsPage::answer);
  }

  private static void answer(Exchange exchange, Fields fields, ServedModel model, Measured measured)
      throws InterruptedException {
    Embedder embedder = model.requireReading(Embedder.class, "a model that makes vectors");
    JsonNode input = fields.required("input");
    String format = fields.text("encoding_format");
    if (format != null && !List.of("float", "base64").contains(format)) {
      throw fields.wrong("encoding_format", "float or base64", fields.required("encoding_format"));
    }
    Integer dimensions = fields.integer("dimensions", 1, embedder.size());
    // as vLLM has it: -1 cuts to what the model reads
    boolean cuts = fields.integer("truncate_prompt_tokens", -1, -1) != null;
    String client = Clients.of(exchange, fields);
    fields.end();

    List<JsonNode> items = items(fields, input);
    List<long[]> tokens = new ArrayList<>();
    for (JsonNode item : items) {
      Embedder.Tokens read = read(fields, item, embedder);
      long[] one = read.ids();
      boolean tooLong = read.cut() ? !cuts : one.length > embedder.longest();
      if (one.length == 0 || tooLong) {
        throw fields.wrong(
            "input",
            "1 to "
                + embedder.longest()
                + " tokens each; shorten the text, or have it cut by \"truncate_prompt_tokens\":"
                + " -1",
            item);
      }
      tokens.add(one);
      measured.read(one.length);
    }
    List<float[]> vectors =
        model.call(
            exchange,
            client,
            () -> embedder.embedTokens(tokens, done -> exchange.requireWaiting()));
    List<ObjectNode> data = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      ObjectNode one = JsonMapper.shared().createObjectNode();
      one.put("object", "embedding").put("index", i);
      one.set("embedding", written(shortened(vectors.get(i), dimensions), format));
      data.add(one);
    }
    ObjectNode json = WritingReply.list(data);
    json.put("model", model.name());
    json.set("usage", measured.usageOfReading());
    exchange.sendJson(200, json);
  }

  private static Embedder.Tokens read(Fields fields, JsonNode item, Embedder embedder) {
    return item.isString()
        ? embedder.fit(item.stringValue())
        : new Embedder.Tokens(TokenInput.read(fields, "input", item, embedder.tokenizer()), false);
  }

  /** A text, a list of texts, a list of tokens, or a list of lists of tokens. */
  private static List<JsonNode> items(Fields fields, JsonNode input) {
    if (input.isString() || TokenInput.isTokens(input)) {
      return List.of(input);
    }
    if (!input.isArray() || input.isEmpty() || input.size() > MOST_TEXTS) {
      throw fields.wrong("input", "a text, tokens, or a list of 1 to " + MOST_TEXTS, input);
    }
    List<JsonNode> items = new ArrayList<>();
    for (JsonNode one : input) {
      if (!one.isString() && !TokenInput.isTokens(one)) {
        throw fields.wrong("input", "texts or lists of tokens", one);
      }
      items.add(one);
    }
    return items;
  }

  /** The first numbers, of length 1 again (Kusupati et al. 2022, "Matryoshka Representation"). */
  private static float[] shortened(float[] vector, @Nullable Integer dimensions) {
    if (dimensions == null || dimensions == vector.length) {
      return vector;
    }
    float[] first = Arrays.copyOf(vector, dimensions);
    double sum = 0;
    for (float one : first) {
      sum += (double) one * one;
    }
    double length = Math.sqrt(sum);
    for (int i = 0; i < first.length && length > 0; i++) {
      first[i] = (float) (first[i] / length);
    }
    return first;
  }

  private static JsonNode written(float[] vector, @Nullable String format) {
    if ("base64".equals(format)) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      return JsonMapper.shared()
          .getNodeFactory()
          .stringNode(Base64.getEncoder().encodeToString(bytes.array()));
    }
    ArrayNode array = JsonMapper.shared().createArrayNode();
    for (float one : vector) {
      array.add(one);
    }
    return array;
  }
}
