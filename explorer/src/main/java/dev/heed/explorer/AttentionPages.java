package dev.heed.explorer;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.Focus;
import dev.heed.explain.FocusChoice;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The JSON API, as {@code openapi.json} documents it. */
final class AttentionPages implements WebPart {
  private final SequencedMap<String, ExploredModel> models;

  private record NamedModel(
      String name, int longest, ExploredModel.Far far, ExploredModel.Senses senses) {}

  private record Models(List<NamedModel> models) {}

  private record Unit(
      String text, String label, boolean special, boolean unknown, int start, int end) {}

  private record Read(
      String model,
      String text,
      boolean cut,
      int layers,
      int heads,
      List<Unit> units,
      int focus,
      List<Focus> best) {}

  private record Rows(
      @Nullable Integer layer, @Nullable Integer head, int from, float[][] weights) {}

  private record Heads(int side, List<MeasuredHead> heads) {}

  AttentionPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    routes.get(
        "/api/models",
        exchange ->
            send(
                exchange,
                new Models(
                    models.values().stream()
                        .map(model ->
                            new NamedModel(
                                model.name(), model.longest(), model.far(), model.senses()))
                        .toList())));
    WatchedWork.at(routes, "/api/read", this::read);
    WatchedWork.at(routes, "/api/attention", this::attention);
    WatchedWork.at(routes, "/api/heads", this::heads);
    WatchedWork.at(routes, "/api/steps", this::steps);
  }

  private void read(Exchange exchange) {
    TextRequest request = TextRequest.of(exchange.json(), models, Set.of());
    Reading reading = request.read();
    AttentionMap map = reading.map(request.pieces());
    List<String> labels = map.labels();
    FocusChoice choice = FocusChoice.over(map);
    List<Focus> best = choice.all();
    send(
        exchange,
        new Read(
            request.model().name(),
            reading.text(),
            reading.text().length() < reading.asked().length(),
            map.layers(),
            map.heads(),
            IntStream.range(0, map.size())
                .mapToObj(i -> unit(map.units().get(i), labels.get(i)))
                .toList(),
            choice.focus().query(),
            best.stream().map(AttentionPages::finite).toList()));
  }

  private static Unit unit(AttentionMap.Unit unit, String label) {
    return new Unit(unit.text(), label, unit.special(), unit.unknown(), unit.start(), unit.end());
  }

  /** JSON knows no infinity: a word with no other beside it is selective for none. */
  private static Focus finite(Focus focus) {
    return Double.isInfinite(focus.selectivity())
        ? new Focus(focus.query(), focus.layer(), focus.head(), focus.key(), 0, focus.heads())
        : focus;
  }

  private void attention(Exchange exchange) {
    TextRequest request =
        TextRequest.of(exchange.json(), models, Set.of("layer", "head", "from", "rows"));
    AttentionMap map = request.map();
    Integer layer = request.number("layer", map.layers());
    Integer head = request.number("head", map.heads());
    if ((layer == null) != (head == null)) {
      throw RequestFields.wrong(layer == null ? "layer" : "head", "layer and head, or neither");
    }
    Integer given = request.number("from", map.size());
    int from = given == null ? 0 : given;
    Integer rows = request.number("rows", map.size() - from + 1);
    int to = rows == null ? map.size() : from + rows;
    float[][] weights =
        layer == null || head == null
            ? IntStream.range(from, to).mapToObj(map::meanRow).toArray(float[][]::new)
            : Arrays.copyOfRange(map.weights()[layer][head], from, to);
    send(exchange, new Rows(layer, head, from, weights));
  }

  private void heads(Exchange exchange) {
    TextRequest request = TextRequest.of(exchange.json(), models, Set.of());
    AttentionMap map = request.map();
    List<MeasuredHead> heads = MeasuredHead.all(map, request.model().probe());
    send(exchange, new Heads(heads.getFirst().thumbnail().length, heads));
  }

  private void steps(Exchange exchange) {
    TextRequest request = TextRequest.of(exchange.json(), models, Set.of("layer", "head", "query"));
    if (!request.pieces()) {
      throw RequestFields.wrong("pieces", "true, since steps are taken by tokens");
    }
    Reading reading = request.read();
    Integer layer = request.number("layer", reading.tokens().layers());
    Integer head = request.number("head", reading.tokens().heads());
    Integer query = request.number("query", reading.tokens().size());
    if (layer == null || head == null || query == null) {
      throw new Problem(400, "missing_value", "body: expected layer, head and query, got fewer");
    }
    try {
      send(exchange, request.model().steps(reading.text(), layer, head, query));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "no_steps", String.valueOf(e.getMessage()));
    }
  }

  private static void send(Exchange exchange, Object value) {
    exchange.sendJson(200, JsonMapper.shared().valueToTree(value));
  }
}
