package dev.heed.explorer;

import dev.heed.explain.MapCheck;
import dev.heed.explain.MapChecker;
import dev.heed.explain.MapMethod;
import dev.heed.web.EventStream;
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
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether a map is to be believed: measured while the client waits, and told how far it is. */
final class EvidencePages implements WebPart {
  private final SequencedMap<String, ExploredModel> models;

  private record Method(String name, String sentence, String source) {}

  private record Methods(List<Method> methods) {}

  private record Progress(int done, int of) {}

  private record Trouble(String title, String detail) {}

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
    routes.get("/api/methods", exchange -> exchange.sendJson(200, tree(methods())));
    routes.work("/api/evidence", this::evidence);
  }

  private static Methods methods() {
    return new Methods(
        Arrays.stream(MapMethod.values())
            .map(method -> new Method(method.label(), method.sentence(), method.source()))
            .toList());
  }

  private void evidence(Exchange exchange) throws IOException {
    JsonNode json = exchange.json();
    TextRequest request =
        TextRequest.of(json, models, Set.of("method", "layer", "head", "word"));
    MapMethod method = method(json.path("method"));
    Reading reading = request.read();
    Integer layer = request.number("layer", reading.tokens().layers());
    Integer head = request.number("head", reading.tokens().heads());
    Integer word = request.number("word", reading.map(request.pieces()).size());
    if (layer == null || head == null || word == null) {
      throw new Problem(400, "missing_value", "body: expected layer, head and word, got fewer");
    }
    EventStream events = exchange.events();
    try {
      MapCheck check =
          request
              .model()
              .check(
                  new MapChecker.Question(
                      reading.text(), request.pieces(), method, layer, head, word),
                  (done, of) -> tell(exchange, events, done, of));
      events.send("result", tree(Checked.of(check)).toString());
    } catch (IllegalArgumentException e) {
      events.send(
          "problem", tree(new Trouble("not measured", String.valueOf(e.getMessage()))).toString());
    } catch (CancellationException left) {
      // Nobody waits for the answer.
    }
  }

  private static MapMethod method(JsonNode name) {
    return Arrays.stream(MapMethod.values())
        .filter(method -> name.isString() && method.label().equals(name.stringValue()))
        .findFirst()
        .orElseThrow(() ->
            Problem.ofParameter(
                "method",
                "invalid_value",
                "method: expected raw, rollout, flow or gradient, got another value"));
  }

  private static void tell(Exchange exchange, EventStream events, int done, int of) {
    if (exchange.gone()) {
      throw new CancellationException("the client left");
    }
    try {
      events.send("progress", tree(new Progress(done, of)).toString());
    } catch (IOException e) {
      throw new CancellationException("the client left");
    }
  }

  private static JsonNode tree(Object value) {
    return JsonMapper.shared().valueToTree(value);
  }
}
