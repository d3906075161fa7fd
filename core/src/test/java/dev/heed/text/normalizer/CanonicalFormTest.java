package dev.heed.text.normalizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.text.RandomTexts;
import dev.heed.text.align.AlignedText;
import dev.heed.text.align.WellFormed;
import java.text.Normalizer.Form;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The text is the JDK's; the alignment is counted step by step. */
@Tag("unit")
class CanonicalFormTest {
  @ParameterizedTest
  @EnumSource
  void gives_the_jdks_text(CanonicalForm form) {
    for (int seed = 0; seed < 3000; seed++) {
      String text = WellFormed.of(RandomTexts.text(new Random(seed), 30));
      assertThat(form.normalize(AlignedText.of(text)).text())
          .as("seed %d, %s", seed, text)
          .isEqualTo(java.text.Normalizer.normalize(text, Form.valueOf(form.name())));
    }
  }

  @Test
  void every_character_decomposes_and_composes() {
    for (int c = 0; c < 0x30000; c++) {
      String text = Character.isSurrogate((char) c) ? "" : Character.toString(c);
      for (CanonicalForm form : CanonicalForm.values()) {
        assertThat(form.normalize(AlignedText.of(text)).text())
            .as("%s of %x", form, c)
            .isEqualTo(java.text.Normalizer.normalize(text, Form.valueOf(form.name())));
      }
    }
  }

  @Test
  void what_one_character_decomposes_into_comes_from_it() {
    AlignedText text = CanonicalForm.NFD.normalize(AlignedText.of("a\u00e9b"));
    assertThat(text.text()).isEqualTo("ae\u0301b");
    assertThat(text.start(2)).isEqualTo(1);
    assertThat(text.end(3)).isEqualTo(2);
    assertThat(text.start(3)).isEqualTo(2);
  }

  @Test
  void what_is_composed_comes_from_its_first_character() {
    AlignedText text = CanonicalForm.NFC.normalize(AlignedText.of("ae\u0301b"));
    assertThat(text.text()).isEqualTo("a\u00e9b");
    assertThat(text.start(1)).isEqualTo(1);
    assertThat(text.end(2)).isEqualTo(2);
    assertThat(text.start(2)).isEqualTo(3);
  }

  @Test
  @Timeout(20)
  void many_marks_do_not_take_long() {
    String marks = "a" + "\u0301\u0323".repeat(20_000);
    AlignedText text = CanonicalForm.NFC.normalize(AlignedText.of(marks));
    assertThat(text.text()).startsWith("\u1ea1\u0323\u0323").endsWith("\u0301\u0301");
  }
}
