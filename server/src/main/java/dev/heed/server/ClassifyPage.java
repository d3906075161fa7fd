package dev.heed.server;

import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.TextPair;
import dev.heed.web.Exchange;
import dev.heed.web.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/classify}, as vLLM's interface has it: for each text its best label and {@code
 * probs} in the order of the model's classes; the classes by name stand beside them. A text is read
 * as far as the model reads; its result says so.
 */
record ClassifyPage(Serving serving) implements Page {
  private static final int MOST_TEXTS = 2048;

  @Override
  public void answer(Exchange exchange) throws IOException, InterruptedException {
    serving.answer(exchange, ClassifyPage::answer);
  }

  private static void answer(Exchange exchange, Fields fields, ServedModel model, Measured measured)
      throws InterruptedException {
    Classifier classifier = model.requireReading(Classifier.class, "a model that classifies");
    List<String> texts = fields.texts("input");
    if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
      throw fields.wrong(
          "input", "a text or a list of 1 to " + MOST_TEXTS, fields.required("input"));
    }
    String client = Clients.of(exchange, fields);
    fields.end();
    List<TextPair> all = texts.stream().map(TextPair::of).toList();
    List<Classification> found =
        model.call(
            exchange, client, () -> classifier.classify(all, done -> exchange.requireWaiting()));
    found.forEach(one -> measured.read(one.tokens()));
    List<ObjectNode> data = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      data.add(one(i, found.get(i), classifier.labels()));
    }
    ObjectNode json = WritingReply.list(data);
    json.put("id", "classify-" + WritingReply.newId());
    json.put("model", model.name());
    ArrayNode labels = json.putArray("labels");
    classifier.labels().forEach(labels::add);
    json.set("usage", measured.usageOfReading());
    exchange.sendJson(200, json);
  }

  private static ObjectNode one(int index, Classification found, List<String> labels) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("index", index);
    json.put("label", found.best().name());
    double[] scores = new double[labels.size()];
    for (Classification.Label label : found.labels()) {
      scores[labels.indexOf(label.name())] = label.score();
    }
    ArrayNode array = json.putArray("probs");
    for (double score : scores) {
      array.add(score);
    }
    json.put("num_classes", labels.size());
    if (found.cut()) {
      json.put("truncated", true);
    }
    return json;
  }
}
