package dev.heed.explorer;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundFile;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.image.ImageAttention;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.util.Base64;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Attention to another sequence: the words of a source, the moments of a sound, an image. */
final class AlignmentPages implements WebPart {
  private static final int MOST_MOMENTS = 400;
  private static final int USUAL_MOMENTS = 100;
  private static final int ENVELOPE = 400;
  private static final int MOST_WEIGHTS = 1 << 20;

  private final SequencedMap<String, ExploredModel> models;

  private record Unit(String text, boolean special) {}

  private record Aligned(
      String text,
      String target,
      boolean written,
      int layers,
      int heads,
      List<Unit> queries,
      List<Unit> keys,
      float[][] weights) {}

  private record Heard(
      double seconds,
      float[] envelope,
      boolean across,
      int layers,
      int heads,
      List<Unit> queries,
      List<Unit> keys,
      float[][] weights) {}

  private record Places(int rows, int columns, int before) {}

  private record Seen(
      List<String> layers,
      int layer,
      int heads,
      int width,
      int height,
      String pixels,
      Places queries,
      Places keys,
      float[][] weights,
      @Nullable String note) {}

  AlignmentPages(SequencedMap<String, ExploredModel> models) {
    this.models = models;
  }

  @Override
  public void routes(Routes routes) {
    WatchedWork.at(routes, "/api/align", this::align);
    WatchedWork.at(routes, "/api/hear", this::hear);
    WatchedWork.at(routes, "/api/see", this::see);
  }

  private void align(Exchange exchange) {
    RequestFields fields =
        RequestFields.of(exchange.json(), Set.of("model", "text", "target", "layer", "head"));
    String text = fields.text("text");
    ExploredModel model = fields.model(models);
    if (!model.senses().translates()) {
      throw RequestFields.wrong("model", "a model that reads one text and writes another");
    }
    boolean written = !fields.has("target");
    String target =
        written
            ? model.writing(writer ->
                writer.generate(List.of(text), writer.settings()).getFirst().getFirst().text())
            : fields.text("target");
    if (target.isBlank()) {
      throw RequestFields.wrong("target", "a text, since the model itself writes none of this one");
    }
    AttentionMap map = model.reading(capture -> capture.readAcross(text, target));
    send(
        exchange,
        new Aligned(
            text,
            target,
            written,
            map.layers(),
            map.heads(),
            units(map.queries()),
            units(map.keys()),
            chosen(map, fields.number("layer", map.layers()), fields.number("head", map.heads()))));
  }

  private static List<Unit> units(List<AttentionMap.Unit> units) {
    return units.stream().map(unit -> new Unit(unit.text(), unit.special())).toList();
  }

  /** One head's weights, or the mean over the heads of a layer, the layers, or both. */
  private static float[][] chosen(
      AttentionMap map, @Nullable Integer layer, @Nullable Integer head) {
    int[] layers = which(layer, map.layers());
    int[] heads = which(head, map.heads());
    float[][] mean = new float[map.queries().size()][map.keys().size()];
    float share = 1f / (layers.length * heads.length);
    for (int l : layers) {
      for (int h : heads) {
        for (int query = 0; query < mean.length; query++) {
          for (int key = 0; key < mean[query].length; key++) {
            mean[query][key] += map.weights()[l][h][query][key] * share;
          }
        }
      }
    }
    return mean;
  }

  private static int[] which(@Nullable Integer one, int count) {
    return one == null ? IntStream.range(0, count).toArray() : new int[] {one};
  }

  private void hear(Exchange exchange) {
    FormFields form =
        FormFields.of(exchange.form(), Set.of("model", "target", "layer", "head", "moments"));
    ExploredModel model = form.values().model(models);
    Integer given = form.values().number("moments", MOST_MOMENTS + 1);
    int moments = given == null ? USUAL_MOMENTS : Math.max(1, given);
    boolean across = form.values().has("target");
    Sound sound = decoded(() -> SoundFile.read("file", form.file()));
    AttentionMap map =
        model.hearing(hearing ->
            across
                ? hearing.readAcross(sound, form.values().text("target"), moments)
                : hearing.read(sound, moments));
    send(
        exchange,
        new Heard(
            (double) sound.length() / sound.rate(),
            envelope(sound.mixed()),
            across,
            map.layers(),
            map.heads(),
            units(map.queries()),
            units(map.keys()),
            chosen(
                map,
                form.values().number("layer", map.layers()),
                form.values().number("head", map.heads()))));
  }

  /** Whatever is wrong with a file is checked before it is decoded, and told. */
  private static <R> R decoded(Supplier<R> decoder) {
    try {
      return decoder.get();
    } catch (CheckpointException e) {
      throw Problem.ofParameter("file", "invalid_value", String.valueOf(e.getMessage()));
    }
  }

  /** The loudest sample of each of so many parts. */
  private static float[] envelope(float[] samples) {
    float[] loudest = new float[Math.min(ENVELOPE, samples.length)];
    for (int i = 0; i < samples.length; i++) {
      int part = (int) ((long) i * loudest.length / samples.length);
      loudest[part] = Math.max(loudest[part], Math.abs(samples[i]));
    }
    return loudest;
  }

  private void see(Exchange exchange) {
    FormFields form = FormFields.of(exchange.form(), Set.of("model", "layer", "head"));
    ExploredModel model = form.values().model(models);
    RgbImage image = decoded(() -> ImageDecoder.installed().read("file", form.file()));
    ImageAttention seen = model.see(image, form.values().number("layer", Integer.MAX_VALUE));
    Integer head = form.values().number("head", seen.heads());
    int queries = seen.weights()[0].length;
    if ((long) queries * seen.weights()[0][0].length > MOST_WEIGHTS) {
      throw RequestFields.wrong("layer", "one of at most " + MOST_WEIGHTS + " weights");
    }
    float[][] weights =
        IntStream.range(0, queries)
            .mapToObj(query -> seen.row(head == null ? ImageAttention.MEAN : head, query))
            .toArray(float[][]::new);
    send(
        exchange,
        new Seen(
            seen.layers().stream().map(ImageAttention.Layer::name).toList(),
            seen.layer(),
            seen.heads(),
            seen.image().width(),
            seen.image().height(),
            Base64.getEncoder().encodeToString(seen.image().pixels()),
            new Places(
                seen.places().queries().height(), seen.places().queries().width(), seen.before()),
            new Places(
                seen.places().keys().height(), seen.places().keys().width(), seen.keysBefore()),
            weights,
            seen.note()));
  }

  private static void send(Exchange exchange, Object value) {
    exchange.sendJson(200, JsonMapper.shared().valueToTree(value));
  }
}
