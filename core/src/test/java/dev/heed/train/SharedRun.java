package dev.heed.train;

import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.ProcessGroup;
import dev.heed.train.optim.Share;
import dev.heed.train.schedule.Linear;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that {@link SharedRunTest} starts: takes part in one run after the other,
 * prints the number of each update, and the message of what ended it. Arguments: its rank, and for
 * each run folder, meeting file, how many, {@code shares} or {@code whole}, updates.
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

  /** A run, of which each process is told. */
  record Part(Path folder, Path meeting, int count, boolean shares, int updates) {
    private static final int WORDS = 5;

    List<String> words() {
      return List.of(
          folder.toString(),
          meeting.toString(),
          String.valueOf(count),
          shares ? "shares" : "whole",
          String.valueOf(updates));
    }

    private static Part of(List<String> words) {
      return new Part(
          Path.of(words.get(0)),
          Path.of(words.get(1)),
          Integer.parseInt(words.get(2)),
          words.get(3).equals("shares"),
          Integer.parseInt(words.get(4)));
    }

    private void take(int rank) {
      ProcessGroup.Place place = ProcessGroup.Place.local(meeting, rank, count);
      try (ProcessGroup group = ProcessGroup.join(place)) {
        train(folder, updates, shares ? new Share(rank, count) : Share.ALL, group);
        System.out.println(DONE);
      } catch (LostWorkerException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  public static void main(String[] arguments) {
    int rank = Integer.parseInt(arguments[0]);
    Backend.threads(1 + rank);
    List<String> words = List.of(arguments).subList(1, arguments.length);
    for (int i = 0; i < words.size(); i += Part.WORDS) {
      Part.of(words.subList(i, i + Part.WORDS)).take(rank);
    }
  }
}
