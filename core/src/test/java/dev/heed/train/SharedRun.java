package dev.heed.train;

import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.ProcessGroup;
import dev.heed.train.optim.Share;
import dev.heed.train.schedule.Linear;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that {@link SharedRunTest} starts: prints the number of each update, and the
 * message of what ended it. Arguments: folder, meeting file, rank, how many, {@code shares} or
 * {@code whole}, updates.
 */
final class SharedRun {
  static final int BATCHES = 5;
  static final String DONE = "done";

  private SharedRun() {}

  /** Trains from the newest checkpoint of a folder on, alone or with others. */
  static void train(Path folder, int updates, Share share, @Nullable ProcessGroup group) {
    TrainingOptions options =
        TrainingOptions.of(updates)
            .withBatches(BATCHES)
            .withSchedule(new Linear(5, 40))
            .withSeed(11);
    try (TinyRun run = new TinyRun(options, DType.F64, share).saving(folder)) {
      if (group != null) {
        run.trainer.together(group);
      }
      run.trainer.listen(
          new TrainingListener() {
            @Override
            public void updated(Update update) {
              System.out.println(update.number());
            }
          });
      run.trainer.run();
    }
  }

  public static void main(String[] arguments) {
    int rank = Integer.parseInt(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    Share share = arguments[4].equals("shares") ? new Share(rank, count) : Share.ALL;
    Backend.threads(1 + rank);
    ProcessGroup.Place place = ProcessGroup.Place.local(Path.of(arguments[1]), rank, count);
    try (ProcessGroup group = ProcessGroup.join(place)) {
      train(Path.of(arguments[0]), Integer.parseInt(arguments[5]), share, group);
      System.out.println(DONE);
    } catch (LostWorkerException e) {
      System.out.println(e.getMessage());
    }
  }
}
