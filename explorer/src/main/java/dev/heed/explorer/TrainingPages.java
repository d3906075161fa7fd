package dev.heed.explorer;

import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Training runs that write their logs while somebody looks. */
final class TrainingPages implements WebPart {
  private static final Set<String> MAP =
      Set.of("run", "update", "model", "text", "pieces", "layer", "head");

  private final SequencedMap<String, ExploredModel> models;
  private final SequencedMap<String, TrainingRun> runs = new LinkedHashMap<>();

  private record NamedRun(String name, List<Long> checkpoints) {}

  private record Runs(List<NamedRun> runs) {}

  private record HeadMap(
      String run, long update, int layer, int head, List<String> labels, float[][] weights) {}

  TrainingPages(SequencedMap<String, ExploredModel> models, Map<String, Path> folders) {
    this.models = models;
    folders.forEach((name, folder) -> runs.put(name, new TrainingRun(folder)));
  }

  @Override
  public void routes(Routes routes) {
    routes.get("/api/runs", this::runs);
    WatchedWork.at(routes, "/api/run", this::run);
    WatchedWork.at(routes, "/api/run-map", this::map);
  }

  private void runs(Exchange exchange) throws IOException {
    List<NamedRun> named = new java.util.ArrayList<>();
    for (Map.Entry<String, TrainingRun> run : runs.entrySet()) {
      named.add(new NamedRun(run.getKey(), run.getValue().checkpoints()));
    }
    MechanismPages.send(exchange, new Runs(named));
  }

  private TrainingRun named(RequestFields fields) {
    JsonNode name = fields.json().path("run");
    TrainingRun run = name.isString() ? runs.get(name.stringValue()) : null;
    if (run == null) {
      throw new Problem(
          404, "no_such_run", "run: expected one of " + runs.keySet() + ", got another value");
    }
    return run;
  }

  private void run(Exchange exchange) throws IOException {
    RequestFields fields = RequestFields.of(exchange.json(), Set.of("run", "from"));
    TrainingRun run = named(fields);
    JsonNode from = fields.json().path("from");
    if (!from.isMissingNode() && !(from.isIntegralNumber() && from.longValue() >= 0)) {
      throw RequestFields.wrong("from", "a whole number from 0");
    }
    MechanismPages.send(exchange, run.read(from.longValue(0)));
  }

  private void map(Exchange exchange) throws IOException {
    RequestFields fields = RequestFields.of(exchange.json(), MAP);
    TrainingRun run = named(fields);
    JsonNode update = fields.json().path("update");
    if (!update.isIntegralNumber() || !run.checkpoints().contains(update.longValue())) {
      throw RequestFields.wrong("update", "one of " + run.checkpoints());
    }
    ExploredModel model = fields.model(models);
    boolean pieces = fields.flag("pieces");
    try {
      Reading reading = model.readWith(run.weights(update.longValue()), fields.text("text"));
      var map = reading.map(pieces);
      int layer = fields.required("layer", map.layers());
      int head = fields.required("head", map.heads());
      MechanismPages.send(
          exchange,
          new HeadMap(
              fields.json().path("run").stringValue(),
              update.longValue(),
              layer,
              head,
              map.labels(),
              map.weights()[layer][head]));
    } catch (dev.heed.checkpoint.CheckpointException e) {
      throw new Problem(400, "no_map", String.valueOf(e.getMessage()));
    }
  }
}
