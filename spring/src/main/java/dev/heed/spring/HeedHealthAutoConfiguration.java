package dev.heed.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of Heed's models, for programs with Spring Boot's health. */
@AutoConfiguration(after = HeedAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
public class HeedHealthAutoConfiguration {
  /** Apart, since its own condition is a class that may be missing. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnEnabledHealthIndicator("heed")
  static class Enabled {
    @Bean
    @ConditionalOnBean(HeedModel.class)
    @ConditionalOnMissingBean(name = "heedHealthIndicator")
    HeedHealthIndicator heedHealthIndicator(ObjectProvider<HeedModel> models) {
      return new HeedHealthIndicator(models.orderedStream().toList());
    }
  }
}
