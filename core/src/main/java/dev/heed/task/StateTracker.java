package dev.heed.task;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.train.recipe.BeliefState;
import dev.heed.train.recipe.Dialogue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user of a dialogue wants, turn by turn, as a language model of {@link Dialogue}s writes
 * it. One thread at a time may use it.
 */
public final class StateTracker implements AutoCloseable {
  /** As many turns are read as the chat template of such a model gives. */
  private static final int TURNS = 8;

  /** The most tokens of a state. */
  private static final int LONGEST = 96;

  private final TextGenerator writer;
  private final SearchSettings settings;

  private StateTracker(TextGenerator writer) {
    this.writer = writer;
    List<Integer> ends =
        List.of(writer.templateTokens(Dialogue.REPLY)[0], writer.templateTokens(Dialogue.END)[0]);
    settings =
        SearchSettings.of(
            writer
                .config()
                .with("do_sample", false)
                .with("eos_token_id", ends)
                .with("max_new_tokens", LONGEST));
    writer.remember(1);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files
   * @throws IllegalArgumentException for a model that does not write
   */
  public static StateTracker open(ModelFiles files, @Nullable DType dtype) {
    return new StateTracker(TextGenerator.open(files, dtype));
  }

  /**
   * What each turn of the user adds. The model reads what was said, the replies as they are, and
   * what it wrote itself before.
   */
  public List<BeliefState> track(Dialogue dialogue) {
    List<BeliefState> states = new ArrayList<>();
    List<String> before = new ArrayList<>();
    for (Dialogue.Turn turn : dialogue.turns()) {
      List<String> near = before.subList(Math.max(0, before.size() - TURNS + 1), before.size());
      int[] prompt = writer.templateTokens(String.join("", near) + turn.asked());
      try (TextStream stream = writer.stream(prompt, settings)) {
        stream.forEachRemaining(piece -> {});
        BeliefState adds =
            BeliefState.parse(stream.completion().text().replace(Dialogue.REPLY, ""));
        states.add(adds);
        before.add(new Dialogue.Turn(turn.user(), adds, turn.reply()).text());
      }
    }
    return states;
  }

  @Override
  public void close() {
    writer.close();
  }
}
