package dev.heed.cli.train;

import dev.heed.picture.mechanism.CurvePanel;
import dev.heed.picture.mechanism.CurvePanel.Curve;
import dev.heed.picture.mechanism.MechanismPicture;
import dev.heed.picture.mechanism.Panel;
import dev.heed.picture.mechanism.PictureImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The curves of a run, drawn from its log, so that parts before a stop are among them. */
final class TrainingCurves {
  private static final double SMOOTHING = 0.9;
  private static final double MILLION = 1e6;

  private final List<Double> losses = new ArrayList<>();
  private final List<Double> smoothed = new ArrayList<>();
  private final List<Double> norms = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private final List<Double> scores = new ArrayList<>();
  private String metric = "";

  private TrainingCurves() {}

  /**
   * Draws a log.
   *
   * @param log as {@link dev.heed.train.report.JsonLinesLog} writes it
   * @return a PNG file's bytes
   * @throws IllegalArgumentException for a run of fewer than two updates
   * @throws IllegalStateException if this machine has no font
   */
  static byte[] draw(Path log) {
    TrainingCurves curves = new TrainingCurves();
    for (String line : lines(log)) {
      curves.add(JsonMapper.shared().readTree(line));
    }
    List<Panel> panels = new ArrayList<>();
    panels.add(
        over(
            "loss",
            "update",
            new Curve("of each update", curves.losses),
            new Curve("smoothed", curves.smoothed)));
    if (curves.scores.size() > 1) {
      panels.add(over(curves.metric, "score", new Curve(curves.metric, curves.scores)));
    }
    panels.add(over("norm of the gradients", "update", new Curve("before clipping", curves.norms)));
    panels.add(over("learning rate, millionths", "update", new Curve("first group", curves.rates)));
    return PictureImage.draw(new MechanismPicture("training", log.toString(), List.copyOf(panels)));
  }

  private static List<String> lines(Path log) {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CurvePanel over(String title, String abscissa, Curve... curves) {
    return new CurvePanel(title, abscissa, 1, 1, List.of(curves));
  }

  private void add(JsonNode line) {
    if (line.has("metric")) {
      metric = line.get("metric").asString();
      scores.add(line.get("score").asDouble());
      return;
    }
    double loss = line.get("loss").asDouble();
    losses.add(loss);
    smoothed.add(
        smoothed.isEmpty() ? loss : SMOOTHING * smoothed.getLast() + (1 - SMOOTHING) * loss);
    norms.add(line.get("gradient_norm").asDouble());
    rates.add(MILLION * line.get("rate").asDouble());
  }
}
