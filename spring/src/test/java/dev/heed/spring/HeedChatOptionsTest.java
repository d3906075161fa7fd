package dev.heed.spring;

import org.junit.jupiter.api.Tag;
import org.springframework.ai.test.options.AbstractChatOptionsTests;

/** Spring AI's own tests of options, unmodified. */
@Tag("unit")
class HeedChatOptionsTest
    extends AbstractChatOptionsTests<HeedChatOptions, HeedChatOptions.Builder> {
  @Override
  protected Class<HeedChatOptions> getConcreteOptionsClass() {
    return HeedChatOptions.class;
  }

  @Override
  protected HeedChatOptions.Builder readyToBuildBuilder() {
    return HeedChatOptions.builder().model("writer").maxTokens(7);
  }
}
