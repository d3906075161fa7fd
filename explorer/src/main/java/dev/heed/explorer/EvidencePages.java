package dev.heed.explorer;

import dev.heed.explain.CrossChecker;
import dev.heed.explain.MapCheck;
import dev.heed.explain.MapChecker;
import dev.heed.explain.MapMethod;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether a map is to be believed: measured while the client waits, and told how far it is. */
final class EvidencePages implements WebPart {
  private final SequencedMap<String, ExploredModel> models;

  private record Method(String name, String sentence, String source) {}

  private record Methods(List<Method> methods) {}

  private record Checked(
      String method,
      String outcome,
      double[] marks,
      @Nullable Double agreement,
      MapCheck.@Nullable Removal removal,
      double uniform,
      MapCheck.@Nullable Alternative alternative) {
    static Checked of(MapCheck check) {
      return new Checked(
          check.method().label(),
          check.outcome().name().toLowerCase(Locale.ROOT),
          check.marks(),
          check.agreement(),
          check.removal(),
          check.uniform(),
          check.alternative());
    }
  }

  EvidencePages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    routes.get("/api/methods", exchange -> MechanismPages.send(exchange, methods()));
    WatchedWork.at(routes, "/api/evidence", this::evidence);
    WatchedWork.at(routes, "/api/evidence-across", this::across);
  }

  private static Methods methods() {
    return new Methods(
        Arrays.stream(MapMethod.values())
            .map(method -> new Method(method.label(), method.sentence(), method.source()))
            .toList());
  }

  private void evidence(Exchange exchange) throws IOException {
    JsonNode json = exchange.json();
    if (json.has("ids")) {
      evidenceOfIds(exchange, json);
      return;
    }
    TextRequest request = TextRequest.of(json, models, Set.of("method", "layer", "head", "word"));
    MapMethod method = method(json.path("method"));
    Reading reading = request.read();
    Integer layer = request.number("layer", reading.tokens().layers());
    Integer head = request.number("head", reading.tokens().heads());
    Integer word = request.number("word", reading.map(request.pieces()).size());
    if (layer == null || head == null || word == null) {
      throw new Problem(400, "missing_value", "body: expected layer, head and word, got fewer");
    }
    MapChecker.Question question =
        new MapChecker.Question(reading.text(), request.pieces(), method, layer, head, word);
    ToldProgress.answer(
        exchange,
        told ->
            Checked.of(
                request.model().check(checker -> checker.check(question, told::at), told::at)));
  }

  /** What a decoder looked back at from the last of some tokens. */
  private void evidenceOfIds(Exchange exchange, JsonNode json) throws IOException {
    RequestFields fields =
        RequestFields.of(json, Set.of("model", "ids", "method", "layer", "head"));
    if (method(json.path("method")) != MapMethod.RAW) {
      throw RequestFields.wrong("method", "raw, since ids are looked at by one head");
    }
    ExploredModel model = fields.model(models);
    if (!model.senses().writes()) {
      throw RequestFields.wrong("model", "a decoder, which looks back at ids");
    }
    long[] ids = fields.numbers("ids", model.longest(), Integer.MAX_VALUE);
    int layer = fields.required("layer", Integer.MAX_VALUE);
    int head = fields.required("head", Integer.MAX_VALUE);
    ToldProgress.answer(
        exchange,
        told ->
            Checked.of(
                model.check(checker -> checker.checkLast(ids, layer, head, told::at), told::at)));
  }

  private void across(Exchange exchange) throws IOException {
    RequestFields fields =
        RequestFields.of(
            exchange.json(), Set.of("model", "text", "target", "layer", "head", "word"));
    ExploredModel model = fields.model(models);
    CrossChecker.Question question =
        new CrossChecker.Question(
            fields.text("text"),
            fields.text("target"),
            fields.required("layer", Integer.MAX_VALUE),
            fields.required("head", Integer.MAX_VALUE),
            fields.required("word", Integer.MAX_VALUE));
    ToldProgress.answer(exchange, told -> Checked.of(model.checkAcross(question, told::at)));
  }

  private static MapMethod method(JsonNode name) {
    return Arrays.stream(MapMethod.values())
        .filter(method -> name.isString() && method.label().equals(name.stringValue()))
        .findFirst()
        .orElseThrow(() -> RequestFields.wrong("method", "raw, rollout, flow or gradient"));
  }
}
