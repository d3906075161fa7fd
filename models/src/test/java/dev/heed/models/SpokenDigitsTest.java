package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.audio.SoundFile;
import dev.heed.model.ModelFiles;
import dev.heed.task.speech.SpeechRecognizer;
import dev.heed.task.speech.SpeechSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On 42 of the 250 recordings that were held out of the Free Spoken Digit Dataset, each sixth. */
@Tag("integration")
class SpokenDigitsTest {
  @Test
  void its_score_holds() throws IOException {
    int right = 0;
    int count = 0;
    try (SpeechRecognizer recognizer =
            SpeechRecognizer.open(ModelFiles.carried("spoken-digits"), null);
        ZipInputStream zip =
            new ZipInputStream(new ByteArrayInputStream(Samples.bytes("spoken-digits.zip")))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String heard =
            recognizer
                .recognize(
                    SoundFile.read(entry.getName(), zip.readAllBytes()), SpeechSettings.DEFAULT)
                .text();
        count++;
        right += heard.equals(entry.getName().substring(0, 1)) ? 1 : 0;
      }
    }
    assertThat(count).isEqualTo(42);
    assertThat(right).isGreaterThanOrEqualTo(40);
  }
}
