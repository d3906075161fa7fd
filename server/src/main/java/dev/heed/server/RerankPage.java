package dev.heed.server;

import dev.heed.task.Reranker;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/rerank}, as Jina's and Cohere's interfaces have it. */
record RerankPage(ModelShelf shelf, Metrics metrics) implements Page {
  private static final int MOST_DOCUMENTS = 2048;

  @Override
  public void answer(Exchange exchange) throws InterruptedException {
    Fields fields = new Fields(exchange.json());
    String name = fields.requiredText("model");
    try (ModelShelf.Lease lease = shelf.lease(name);
        Measured measured = new Measured(metrics, "rerank", name, exchange.begun())) {
      Reranker reranker =
          lease.model().requireReading(Reranker.class, "a model that ranks documents");
      String query = fields.requiredText("query");
      List<String> documents = documents(fields);
      Integer top = fields.integer("top_n", 1, Integer.MAX_VALUE);
      boolean whole = fields.flag("return_documents", false);
      String client = Clients.of(exchange, fields);
      fields.end();
      List<Reranker.Ranked> ranked =
          lease.model().call(client, exchange.left(), () -> reranker.rank(query, documents));
      ObjectNode json = JsonMapper.shared().createObjectNode();
      json.put("model", name);
      ArrayNode results = json.putArray("results");
      int most = top == null ? ranked.size() : Math.min(top, ranked.size());
      for (Reranker.Ranked one : ranked.subList(0, most)) {
        ObjectNode result = results.addObject();
        result.put("index", one.index());
        result.put("relevance_score", one.score());
        if (whole) {
          result.putObject("document").put("text", documents.get(one.index()));
        }
      }
      exchange.sendJson(200, json);
      measured.done();
    }
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
