package dev.heed.cli.mechanisms;

import dev.heed.picture.mechanism.Axis;
import dev.heed.picture.mechanism.CurvePanel;
import dev.heed.picture.mechanism.MapPanel;
import dev.heed.picture.mechanism.MechanismPicture;
import dev.heed.picture.mechanism.Panel;
import java.util.List;

/** What {@code --json} says of a picture. */
sealed interface PanelReport {
  /** Numbers between rows and columns. */
  record Map(
      String title,
      String kind,
      String mark,
      Axis rows,
      Axis columns,
      List<String> classes,
      List<List<Double>> values)
      implements PanelReport {}

  /** Numbers over an abscissa. */
  record Curves(
      String title,
      String kind,
      String abscissa,
      double first,
      double step,
      List<CurvePanel.Curve> curves)
      implements PanelReport {}

  /** All panels of a picture. */
  static List<PanelReport> of(MechanismPicture picture) {
    return picture.panels().stream().map(PanelReport::of).toList();
  }

  private static PanelReport of(Panel panel) {
    return switch (panel) {
      case MapPanel map ->
          new Map(
              map.title(),
              map.kind().name(),
              map.mark(),
              map.rows(),
              map.columns(),
              map.classes(),
              map.values());
      case CurvePanel curves ->
          new Curves(
              curves.title(),
              "CURVES",
              curves.abscissa(),
              curves.first(),
              curves.step(),
              curves.curves());
    };
  }
}
