package dev.heed.server;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundFile;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.task.speech.Segment;
import dev.heed.task.speech.SpeechSettings;
import dev.heed.task.speech.SpokenWord;
import dev.heed.task.speech.Transcript;
import dev.heed.tensor.ShapeException;
import dev.heed.web.Exchange;
import dev.heed.web.MultipartForm;
import dev.heed.web.Page;
import dev.heed.web.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/audio/transcriptions} and, in English whatever is said, {@code
 * /v1/audio/translations}: WAV and FLAC files.
 *
 * @param translates whether English is written
 */
record TranscriptionsPage(Serving serving, boolean translates) implements Page {
  private static final List<String> FORMATS = List.of("json", "text", "verbose_json", "srt", "vtt");
  private static final List<String> KNOWN =
      List.of("file", "model", "language", "response_format", "temperature");
  private static final String GRANULARITIES = "timestamp_granularities[]";

  @Override
  public void answer(Exchange exchange) throws IOException, InterruptedException {
    Map<String, MultipartForm.Field> fields = new HashMap<>();
    List<String> granularities = new ArrayList<>();
    for (MultipartForm.Field field : exchange.form().fields()) {
      if (field.name().equals(GRANULARITIES)) {
        granularities.add(field.text());
      } else if (!KNOWN.contains(field.name())) {
        throw Problem.ofParameter(
            field.name(),
            "unknown_parameter",
            field.name()
                + ": expected a parameter that this server honours, got another; leave it"
                + " out");
      } else if (fields.put(field.name(), field) != null) {
        throw wrong(field.name(), "it once, got it twice");
      }
    }
    String name = required(fields, "model").text();
    byte[] file = required(fields, "file").content();
    MultipartForm.Field format = fields.get("response_format");
    String form = format == null ? "json" : format.text();
    if (!FORMATS.contains(form)) {
      throw wrong("response_format", "one of " + FORMATS);
    }
    if (!List.of("word", "segment").containsAll(granularities)
        || !granularities.isEmpty() && !form.equals("verbose_json")) {
      throw wrong(GRANULARITIES, "word or segment, with verbose_json");
    }
    MultipartForm.Field temperature = fields.get("temperature");
    if (temperature != null && !temperature.text().matches("0(\\.0*)?")) {
      throw wrong("temperature", "0: what is heard is the likeliest text");
    }
    serving.answer(
        exchange,
        name,
        (model, measured) -> {
          Ears ears = model.requireReading(Ears.class, "a model that hears speech");
          Transcript heard = heard(exchange, model, ears, sound(file), fields, form);
          send(exchange, heard, form, granularities.contains("word"));
        });
  }

  private Transcript heard(
      Exchange exchange,
      ServedModel model,
      Ears ears,
      Sound sound,
      Map<String, MultipartForm.Field> fields,
      String form)
      throws InterruptedException {
    MultipartForm.Field language = fields.get("language");
    SpeechSettings usual = SpeechSettings.DEFAULT;
    boolean stamps = !form.equals("json") && !form.equals("text") && ears.times();
    SpeechSettings settings =
        new SpeechSettings(
            language == null ? null : language.text(),
            translates,
            stamps,
            usual.window(),
            usual.overlap());
    try {
      return model.call(
          exchange,
          exchange.address(),
          () -> ears.recognizer().recognize(sound, settings, share -> exchange.requireWaiting()));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "invalid_value", String.valueOf(e.getMessage()));
    } catch (ShapeException e) {
      throw wrong("file", "a sound that is long enough for the model");
    }
  }

  private static MultipartForm.Field required(
      Map<String, MultipartForm.Field> fields, String name) {
    MultipartForm.Field field = fields.get(name);
    if (field == null) {
      throw Problem.ofParameter(
          name, "missing_required_parameter", name + ": expected a value, got none");
    }
    return field;
  }

  private static Problem wrong(String name, String expected) {
    return Problem.ofParameter(name, "invalid_value", name + ": expected " + expected);
  }

  private static Sound sound(byte[] file) {
    try {
      return SoundFile.read("file", file);
    } catch (CheckpointException e) {
      throw Problem.ofParameter("file", "invalid_value", String.valueOf(e.getMessage()));
    }
  }

  private void send(Exchange exchange, Transcript heard, String form, boolean words) {
    switch (form) {
      case "text" -> exchange.sendText(200, "text/plain", heard.text() + "\n");
      case "srt" -> exchange.sendText(200, "text/plain", subtitles(heard, ',', true));
      case "vtt" -> exchange.sendText(200, "text/vtt", "WEBVTT\n\n" + subtitles(heard, '.', false));
      case "json" -> {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("text", heard.text());
        json.set("usage", usage(heard));
        exchange.sendJson(200, json);
      }
      default -> exchange.sendJson(200, verbose(heard, words));
    }
  }

  /** Sounds are counted in seconds, begun ones whole. */
  private static ObjectNode usage(Transcript heard) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("type", "duration")
        .put("seconds", (long) Math.ceil(heard.seconds()));
  }

  private ObjectNode verbose(Transcript heard, boolean words) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("task", translates ? "translate" : "transcribe");
    json.put("language", heard.language());
    json.put("duration", heard.seconds());
    json.put("text", heard.text());
    ArrayNode segments = json.putArray("segments");
    List<Segment> all = segments(heard);
    for (int i = 0; i < all.size(); i++) {
      segments
          .addObject()
          .put("id", i)
          .put("start", all.get(i).start())
          .put("end", all.get(i).end())
          .put("text", all.get(i).text());
    }
    if (words) {
      ArrayNode array = json.putArray("words");
      for (SpokenWord word : heard.words()) {
        array
            .addObject()
            .put("word", word.text())
            .put("start", word.start())
            .put("end", word.end());
      }
    }
    json.set("usage", usage(heard));
    return json;
  }

  /** The model's own, or all of it in one where it writes none. */
  private static List<Segment> segments(Transcript heard) {
    return heard.segments().isEmpty() && !heard.text().isEmpty()
        ? List.of(new Segment(0, heard.seconds(), heard.text()))
        : heard.segments();
  }

  private static String subtitles(Transcript heard, char point, boolean numbered) {
    StringBuilder out = new StringBuilder();
    int number = 1;
    for (Segment segment : segments(heard)) {
      if (numbered) {
        out.append(number++).append('\n');
      }
      out.append(clock(segment.start(), point))
          .append(" --> ")
          .append(clock(segment.end(), point))
          .append('\n')
          .append(segment.text().strip().replace("-->", "->"))
          .append("\n\n");
    }
    return out.toString();
  }

  private static String clock(double seconds, char point) {
    long millis = Math.round(seconds * 1000);
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%03d",
        millis / 3_600_000,
        millis / 60_000 % 60,
        millis / 1000 % 60,
        point,
        millis % 1000);
  }
}
