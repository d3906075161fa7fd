package dev.heed.cli.look;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundFile;
import dev.heed.cli.BadInputException;
import dev.heed.cli.Output;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.sound.SoundCapture;
import dev.heed.model.ModelFiles;
import dev.heed.model.SoundInput;
import dev.heed.tensor.ShapeException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code heed look SOUND}: what the moments of a sound attend to. */
final class SoundLook {
  /** As many as a terminal shows beside each other. */
  private static final int MOMENTS = 24;

  private SoundLook() {}

  /** Whether what the user gave is the name of a sound, not a text. */
  static boolean isSound(String given) {
    String name = given.toLowerCase(Locale.ROOT);
    return !given.isBlank() && (name.endsWith(".wav") || name.endsWith(".flac"));
  }

  /** Whether a model is one that reads sounds. */
  static boolean hears(ModelFiles files) {
    return SoundInput.isOf(files);
  }

  /**
   * Hears the sound, or its beginning; the user is told if that is not all.
   *
   * @param target what the model is made to write, or null to see only what it hears
   * @throws BadInputException for a sound or a model that cannot be used
   */
  static AttentionMap read(ModelFiles files, Path file, @Nullable String target, Output err) {
    Sound sound = SoundFile.read(file);
    try (SoundCapture capture = SoundCapture.open(files)) {
      if (sound.length() > capture.longest() * sound.rate()) {
        err.printf(
            "heed: the sound is longer than the %.1f seconds that are looked at: cut there%n",
            capture.longest());
      }
      return target == null
          ? capture.read(sound, MOMENTS)
          : capture.readAcross(sound, target, MOMENTS);
    } catch (IllegalArgumentException | ShapeException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }
}
