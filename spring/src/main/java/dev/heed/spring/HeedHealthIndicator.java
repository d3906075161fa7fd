package dev.heed.spring;

import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while every model answers: each is used once, on a text of a word. */
public final class HeedHealthIndicator extends AbstractHealthIndicator {
  private final List<HeedModel> models;

  HeedHealthIndicator(List<HeedModel> models) {
    super("Heed's models do not answer");
    this.models = models;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    health.up();
    for (HeedModel model : models) {
      model.check();
      health.withDetail(model.kind(), "answers");
    }
  }
}
