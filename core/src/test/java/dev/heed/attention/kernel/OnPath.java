package dev.heed.attention.kernel;

import dev.heed.tensor.kernel.Workers;
import java.lang.reflect.Field;
import java.util.Arrays;

/** Runs attention on a path of the test's choice, and in scratch that holds nothing good. */
final class OnPath {
  private OnPath() {}

  /** Takes a path for as long as a body runs, however slowly a busy machine runs it. */
  static void run(AttentionPath path, Runnable body) {
    PathChoice before = PathChoice.take(new PathChoice(path, "chosen by a test"));
    String forced = System.getProperty(PathChoice.PROPERTY);
    System.setProperty(PathChoice.PROPERTY, path.name());
    try {
      body.run();
    } finally {
      PathChoice.take(before);
      if (forced == null) {
        System.clearProperty(PathChoice.PROPERTY);
      } else {
        System.setProperty(PathChoice.PROPERTY, forced);
      }
    }
  }

  /** Fills this thread's scratch with NaN and bits: whoever reads what it did not write shows. */
  static void poisonScratch() {
    Workers.alone(1, (task, scratch) -> poison(Scratch.of(scratch)));
  }

  private static void poison(Scratch scratch) {
    try {
      for (Field field : Scratch.class.getDeclaredFields()) {
        if (field.getType() == float[].class) {
          field.setAccessible(true);
          Arrays.fill((float[]) field.get(scratch), Float.NaN);
        } else if (field.getType() == int[].class) {
          Arrays.fill((int[]) field.get(scratch), -1);
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
