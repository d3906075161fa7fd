package dev.heed.train;

import dev.heed.tensor.DType;
import dev.heed.train.schedule.Linear;
import java.nio.file.Path;

/** The program that {@link KilledRunTest} kills: a run that prints the number of each update. */
final class KilledRun {
  static final int UPDATES = 60;
  static final String DONE = "done";

  private KilledRun() {}

  public static void main(String[] arguments) {
    TrainingOptions options =
        TrainingOptions.of(UPDATES).withSchedule(new Linear(5, UPDATES)).withSeed(11);
    try (TinyRun run = new TinyRun(options, DType.F32).saving(Path.of(arguments[0]))) {
      run.trainer.listen(
          new TrainingListener() {
            @Override
            public void updated(Update update) {
              System.out.println(update.number());
            }
          });
      run.trainer.run();
      System.out.println(DONE);
    }
  }
}
