package dev.heed.explorer;

import dev.heed.attention.kernel.WeightPooling;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.LongReading;
import dev.heed.explain.LongReading.Span;
import dev.heed.nn.RunWatch;
import dev.heed.tensor.TensorScope;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Long texts: one is read and held, and tiles of its maps are computed as they are looked at.
 *
 * <p>A tile has {@value #SIDE} rows and columns; at level z, each of its numbers stands for a block
 * of 2ᶻ by 2ᶻ tokens.
 */
final class LongPages implements WebPart, AutoCloseable {
  /** Numbers on a tile's side. */
  static final int SIDE = 256;

  /** Rows of a tile that are computed at once. */
  private static final int BAND = 32;

  private static final int MOST_LEVELS = 12;
  private static final int MOST_KEYS = 51;
  private static final int USUAL_KEYS = 12;

  private final SequencedMap<String, ExploredModel> models;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable HeldReading held;

  private record Read(
      String id,
      String model,
      String text,
      boolean cut,
      int layers,
      int heads,
      int[] starts,
      int[] ends,
      SortedMap<Integer, String> special) {}

  private record Key(int key, float weight) {}

  private record Row(int query, List<Key> keys, double rest) {}

  LongPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    WatchedWork.at(routes, "/api/long", this::read);
    WatchedWork.at(routes, "/api/long-tile", this::tile);
    WatchedWork.at(routes, "/api/long-row", this::row);
  }

  private void read(Exchange exchange) throws IOException {
    RequestFields fields = RequestFields.of(exchange.json(), Set.of("model", "text"));
    ExploredModel model = fields.model(models);
    String text = fields.text("text");
    if (model.far().tokens() == 0) {
      throw new Problem(400, "no_long_texts", model.far().why());
    }
    ToldProgress.answer(exchange, told -> read(model, text, told));
  }

  private Read read(ExploredModel model, String text, ToldProgress told) {
    String id = HeldReading.id(model.name(), text);
    Turn.take(reading, () -> told.at(0, 1));
    try {
      HeldReading before = held;
      Read known =
          before == null || !before.id().equals(id)
              ? null
              : before.look(one -> answer(id, model, text, one));
      if (known != null) {
        return known;
      }
      letGo();
      LongReading read = model.readLong(text, told::at);
      Read answer = answer(id, model, text, read);
      held = new HeldReading(id, read);
      return answer;
    } finally {
      reading.unlock();
    }
  }

  private static Read answer(String id, ExploredModel model, String asked, LongReading read) {
    SortedMap<Integer, String> special = new TreeMap<>();
    List<Unit> units = read.units();
    for (int i = 0; i < units.size(); i++) {
      if (units.get(i).special()) {
        special.put(i, units.get(i).text());
      }
    }
    return new Read(
        id,
        model.name(),
        read.text(),
        read.text().length() < asked.length(),
        read.layers(),
        read.heads(),
        all(units, Unit::start),
        all(units, Unit::end),
        special);
  }

  private static int[] all(List<Unit> units, ToIntFunction<Unit> of) {
    return units.stream().mapToInt(of).toArray();
  }

  private <R> R look(RequestFields fields, Function<LongReading, R> work) {
    HeldReading one = held;
    R found = one == null || !one.id().equals(fields.text("id")) ? null : one.look(work);
    if (found == null) {
      throw new Problem(
          404,
          "no_such_reading",
          "id: expected the text that was read last, got another; read again");
    }
    return found;
  }

  private void tile(Exchange exchange) {
    RequestFields fields =
        RequestFields.of(
            exchange.json(), Set.of("id", "layer", "head", "level", "row", "column", "pool"));
    WeightPooling pooling = pooling(fields);
    int block = 1 << fields.required("level", MOST_LEVELS + 1);
    byte[] tile =
        look(
            fields,
            read -> {
              int layer = fields.required("layer", read.layers());
              int head = fields.required("head", read.heads());
              Span rows = span(fields, "row", block, read.units().size());
              Span keys = span(fields, "column", block, read.units().size());
              return bytes(
                  bands(
                      rows,
                      BAND * block,
                      band -> {
                        try (TensorScope scope = TensorScope.inference()) {
                          return read.map(layer, head, band, keys, block, pooling).toFloatArray();
                        }
                      }));
            });
    exchange.send(200, "application/octet-stream", tile);
  }

  private static WeightPooling pooling(RequestFields fields) {
    String name = fields.has("pool") ? fields.text("pool") : "max";
    for (WeightPooling pooling : WeightPooling.values()) {
      if (pooling.name().toLowerCase(Locale.ROOT).equals(name)) {
        return pooling;
      }
    }
    throw RequestFields.wrong("pool", "max or mean");
  }

  private static Span span(RequestFields fields, String name, int block, int size) {
    int tokens = SIDE * block;
    int from = tokens * fields.required(name, (size + tokens - 1) / tokens);
    return new Span(from, Math.min(size, from + tokens));
  }

  /** A tile's rows, some at a time, as long as somebody waits for them. */
  private static List<float[]> bands(Span rows, int tokens, Function<Span, float[]> computed) {
    List<float[]> bands = new ArrayList<>();
    for (int from = rows.from(); from < rows.end(); from += tokens) {
      RunWatch.ask();
      bands.add(computed.apply(new Span(from, Math.min(rows.end(), from + tokens))));
    }
    return bands;
  }

  private static byte[] bytes(List<float[]> bands) {
    int size = bands.stream().mapToInt(band -> band.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer numbers = bytes.asFloatBuffer();
    bands.forEach(numbers::put);
    return bytes.array();
  }

  private void row(Exchange exchange) {
    RequestFields fields =
        RequestFields.of(exchange.json(), Set.of("id", "layer", "head", "query", "count"));
    Integer given = fields.number("count", MOST_KEYS);
    int count = given == null ? USUAL_KEYS : given;
    MechanismPages.send(
        exchange,
        look(
            fields,
            read -> {
              int layer = fields.required("layer", read.layers());
              int head = fields.required("head", read.heads());
              int query = fields.required("query", read.units().size());
              return strongest(query, read.row(layer, head, query), count);
            }));
  }

  private static Row strongest(int query, float[] row, int count) {
    List<Key> keys =
        IntStream.range(0, row.length)
            .filter(key -> row[key] > 0)
            .boxed()
            .sorted((one, other) -> Float.compare(row[other], row[one]))
            .limit(count)
            .map(key -> new Key(key, row[key]))
            .toList();
    double rest = IntStream.range(0, row.length).mapToDouble(key -> row[key]).sum();
    for (Key key : keys) {
      rest -= key.weight();
    }
    return new Row(query, keys, Math.max(0, rest));
  }

  private void letGo() {
    HeldReading before = held;
    held = null;
    if (before != null) {
      before.letGo();
    }
  }

  @Override
  public void close() {
    letGo();
  }
}
