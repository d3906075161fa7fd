package dev.heed.server;

import dev.heed.task.Reranker;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/rerank}, as Jina's, Cohere's and vLLM's interfaces have it. As there, a document
 * is read as far as the model reads; its result says so.
 */
record RerankPage(Serving serving) implements Page {
  private static final int MOST_DOCUMENTS = 2048;

  @Override
  public void answer(Exchange exchange) throws IOException, InterruptedException {
    serving.answer(exchange, RerankPage::answer);
  }

  private static void answer(Exchange exchange, Fields fields, ServedModel model, Measured measured)
      throws InterruptedException {
    Reranker reranker = model.requireReading(Reranker.class, "a model that ranks documents");
    String query = fields.requiredText("query");
    List<String> documents = documents(fields);
    Integer top = fields.integer("top_n", 1, Integer.MAX_VALUE);
    boolean whole = fields.flag("return_documents", false);
    String client = Clients.of(exchange, fields);
    fields.end();
    List<Reranker.Ranked> ranked =
        model.call(
            exchange,
            client,
            () -> reranker.rank(query, documents, done -> exchange.requireWaiting()));
    ranked.forEach(one -> measured.read(one.tokens()));
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("id", "rerank-" + WritingReply.newId());
    json.put("model", model.name());
    ArrayNode results = json.putArray("results");
    int most = top == null ? ranked.size() : Math.min(top, ranked.size());
    for (Reranker.Ranked one : ranked.subList(0, most)) {
      ObjectNode result = results.addObject();
      result.put("index", one.index());
      result.put("relevance_score", one.score());
      if (whole) {
        result.putObject("document").put("text", documents.get(one.index()));
      }
      if (one.cut()) {
        result.put("truncated", true);
      }
    }
    json.set("usage", measured.usageOfReading());
    exchange.sendJson(200, json);
  }

  /** Texts, or objects with a text. */
  private static List<String> documents(Fields fields) {
    JsonNode given = fields.required("documents");
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_DOCUMENTS) {
      throw fields.wrong("documents", "a list of 1 to " + MOST_DOCUMENTS, given);
    }
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      JsonNode one = given.get(i);
      if (one.isString()) {
        documents.add(one.stringValue());
      } else {
        Fields inner = new Fields(one, "documents[" + i + "].");
        documents.add(inner.requiredText("text"));
        inner.end();
      }
    }
    return documents;
  }
}
