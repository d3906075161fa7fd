package dev.heed.explorer;

import dev.heed.attention.HeadProjections;
import dev.heed.explain.AttentionCapture;
import dev.heed.mixer.catalogue.Direction;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every mixer of the catalogue: what it looks at in a text, and what it costs. */
final class MechanismPages implements WebPart {
  /** So many tokens a map is computed for. */
  static final int MOST_TOKENS = 128;

  private static final int USUAL_TOKENS = 32;
  private static final int MOST_WINDOW = 129;
  private static final int FEATURES = 16;
  private static final double STEP = 1e-4;

  /** So many tokens of all sequences that run together. */
  private static final int TOGETHER = 2048;

  private static final Set<String> FIELDS =
      Set.of("names", "layer", "length", "causal", "window", "block");

  private final SequencedMap<String, ExploredModel> models;

  private record Mechanism(
      String name, String title, String page, String growth, String exactness, String direction) {}

  private record Mechanisms(List<Mechanism> mechanisms) {}

  /**
   * A map.
   *
   * @param kind weights, or influence of what has no weights to show
   * @param taken parameters that are the model's
   */
  private record DrawnMap(
      String name, boolean causal, String kind, Set<String> taken, float[][] cells) {}

  private record Maps(
      int layer, int length, List<String> labels, List<DrawnMap> maps, @Nullable Double likeness) {}

  MechanismPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    routes.get("/api/mechanisms", exchange -> send(exchange, catalogue()));
    WatchedWork.at(routes, "/api/mechanism", this::maps);
    WatchedWork.at(routes, "/api/mechanism-cost", MechanismCost::answer);
    WatchedWork.at(routes, "/api/mask", MaskPages::mask);
    WatchedWork.at(routes, "/api/mask-speed", MaskPages::speed);
  }

  private static Mechanisms catalogue() {
    return new Mechanisms(
        MixerCatalogue.entries().stream()
            .map(entry ->
                new Mechanism(
                    entry.name(),
                    entry.title(),
                    entry.page(),
                    entry.growth().formula(),
                    entry.exactness().name().toLowerCase(Locale.ROOT),
                    entry.direction().name().toLowerCase(Locale.ROOT)))
            .toList());
  }

  private void maps(Exchange exchange) {
    TextRequest request = TextRequest.of(exchange.json(), models, FIELDS);
    List<MixerEntry> entries = entries(exchange.json());
    Integer length = request.number("length", MOST_TOKENS + 1);
    Integer window = request.number("window", MOST_WINDOW);
    Integer block = request.number("block", MOST_WINDOW);
    boolean causal = request.fields().flag("causal");
    Reading reading = request.read();
    Integer layer = request.number("layer", reading.tokens().layers());
    int tokens = length == null ? USUAL_TOKENS : Math.max(1, length);
    int at = layer == null ? 0 : layer;
    try {
      send(
          exchange,
          request
              .model()
              .entering(
                  reading.text(),
                  at,
                  entering ->
                      maps(
                          at,
                          entering,
                          reading,
                          entries,
                          tokens,
                          shape(entering, tokens)
                              .withCausal(causal)
                              .withWindow(window == null ? 8 : Math.max(1, window))
                              .withBlock(block == null ? 4 : Math.max(1, block)))));
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw new Problem(400, "no_map", String.valueOf(e.getMessage()));
    }
  }

  private static MixerShape shape(AttentionCapture.Entering entering, int tokens) {
    return MixerShape.of(
            Math.toIntExact(entering.states().size(2)), entering.attention().heads(), tokens)
        .withFeatures(FEATURES);
  }

  /** One or two entries that a request names. */
  static List<MixerEntry> entries(JsonNode json) {
    JsonNode names = json.path("names");
    if (!names.isArray() || names.isEmpty() || names.size() > 2) {
      throw RequestFields.wrong("names", "a list of one or two mechanisms");
    }
    List<MixerEntry> entries = new ArrayList<>();
    for (JsonNode name : names) {
      if (!name.isString() || !MixerCatalogue.names().contains(name.stringValue())) {
        throw RequestFields.wrong("names", "names of /api/mechanisms");
      }
      entries.add(MixerCatalogue.named(name.stringValue()));
    }
    return entries;
  }

  /** The shape that an entry can be built in: the way that is asked for, or the one it has. */
  static MixerShape allowed(MixerEntry entry, MixerShape shape) {
    return entry.direction() == Direction.EITHER
        ? shape
        : shape.withCausal(entry.direction() == Direction.CAUSAL);
  }

  private static Maps maps(
      int layer,
      AttentionCapture.Entering entering,
      Reading reading,
      List<MixerEntry> entries,
      int tokens,
      MixerShape shape) {
    return TensorScope.run(() -> {
      int read = Math.toIntExact(entering.states().size(1));
      long[] places = new long[tokens];
      Arrays.setAll(places, i -> i % read);
      Tensor x =
          entering.states().to(DType.F64).indexSelect(1, Tensor.of(places, tokens)).contiguous();
      List<DrawnMap> maps = new ArrayList<>();
      List<Tensor> outputs = new ArrayList<>();
      boolean weights = true;
      for (MixerEntry entry : entries) {
        try (BuiltMixer mixer = BuiltMixer.drawn(entry, allowed(entry, shape), DType.F64)) {
          weights &= mixer.weights(x) != null;
        }
      }
      for (MixerEntry entry : entries) {
        MixerShape own = allowed(entry, shape);
        try (BuiltMixer mixer = BuiltMixer.drawn(entry, own, DType.F64)) {
          HeadProjections projections = entering.attention().projections();
          Set<String> taken = mixer.takeOver(projections);
          Tensor cells = weights ? mixer.weights(x) : null;
          String kind = cells == null ? "influence" : "weights";
          if (cells == null) {
            cells = mixer.influence(x, STEP, Math.max(1, TOGETHER / tokens));
          }
          maps.add(new DrawnMap(entry.name(), own.causal(), kind, taken, rows(cells)));
          outputs.add(mixer.apply(x));
        }
      }
      List<String> names = reading.tokens().texts();
      List<String> labels =
          Arrays.stream(places).mapToObj(place -> names.get((int) place)).toList();
      Double likeness = outputs.size() < 2 ? null : likeness(outputs.get(0), outputs.get(1));
      return new Maps(layer, tokens, labels, maps, likeness);
    });
  }

  /** The mean cosine between the outputs of each token. */
  private static double likeness(Tensor one, Tensor two) {
    Tensor both = one.mul(two).sum(-1, false);
    Tensor lengths = one.square().sum(-1, false).mul(two.square().sum(-1, false)).sqrt();
    return both.div(lengths).mean().item();
  }

  private static float[][] rows(Tensor cells) {
    float[][] rows = new float[Math.toIntExact(cells.size(0))][];
    Arrays.setAll(rows, i -> cells.select(0, i).to(DType.F32).toFloatArray());
    return rows;
  }

  static void send(Exchange exchange, Object value) {
    exchange.sendJson(200, JsonMapper.shared().valueToTree(value));
  }
}
