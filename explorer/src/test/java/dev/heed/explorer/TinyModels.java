package dev.heed.explorer;

import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.WavBytes;
import dev.heed.model.ModelFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The embedded encoder, and recorded models of other kinds with words of their own. */
final class TinyModels {
  /** A decoder: three layers, the outer ones with windows of four tokens. */
  static final String WRITER = "writer";

  /** Reads one text and writes another. */
  static final String TRANSLATOR = "translator";

  /** Sees images. */
  static final String SEER = "seer";

  /** Hears sounds, and writes. */
  static final String HEARER = "hearer";

  private static final int RATE = 16_000;

  private TinyModels() {}

  static SequencedMap<String, ModelFiles> all(Path folder) throws IOException {
    SequencedMap<String, ModelFiles> models = new LinkedHashMap<>();
    models.put("all-MiniLM-L6-v2", ModelFiles.embedded());
    models.put(WRITER, TinyCheckpoint.write(in(folder, WRITER), "gemma2", "gpt", Map.of()));
    models.put(TRANSLATOR, TinyCheckpoint.write(in(folder, TRANSLATOR), "t5", "t5", Map.of()));
    models.put(SEER, RecordedModels.named("vit"));
    models.put(HEARER, TinyCheckpoint.hearing(in(folder, HEARER), "whisper", "whisper", Map.of()));
    return models;
  }

  private static Path in(Path folder, String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** Has every model open all that it opens when it is first asked. */
  static void wake(ApiClient api) throws Exception {
    for (JsonNode model : api.get("/api/models").get("models")) {
      ObjectNode body = ApiClient.object();
      body.set("model", model.get("name"));
      if (model.at("/senses/reads").booleanValue()) {
        api.post("/api/edit", body.put("text", "the cat sat"));
        body.put("method", "raw").put("layer", 0).put("head", 0).put("word", 0);
        api.followed("/api/evidence", body);
      }
    }
  }

  /** A PNG file of two colours. */
  static byte[] image() throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 20; x++) {
      for (int y = 0; y < 30; y++) {
        image.setRGB(x, y, 0xd95f1e);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** A WAV file of so many seconds of a rising tone. */
  static byte[] sound(double seconds) {
    return WavBytes.of(
        RATE,
        (int) (seconds * RATE),
        i -> {
          double time = (double) i / RATE;
          return 12_000 * Math.sin(2 * Math.PI * (200 + 300 * time) * time);
        });
  }
}
