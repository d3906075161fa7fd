package dev.heed.explorer;

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
  }

  private static Methods methods() {
    return new Methods(
        Arrays.stream(MapMethod.values())
            .map(method -> new Method(method.label(), method.sentence(), method.source()))
            .toList());
  }

  private void evidence(Exchange exchange) throws IOException {
    JsonNode json = exchange.json();
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
    ToldProgress.answer(exchange, told -> Checked.of(request.model().check(question, told::at)));
  }

  private static MapMethod method(JsonNode name) {
    return Arrays.stream(MapMethod.values())
        .filter(method -> name.isString() && method.label().equals(name.stringValue()))
        .findFirst()
        .orElseThrow(() -> RequestFields.wrong("method", "raw, rollout, flow or gradient"));
  }
}
