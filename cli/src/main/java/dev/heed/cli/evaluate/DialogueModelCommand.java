package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.PooledMeasure;
import dev.heed.model.ModelFiles;
import dev.heed.task.StateTracker;
import dev.heed.tensor.DType;
import dev.heed.train.recipe.BeliefState;
import dev.heed.train.recipe.Dialogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code heed evaluate dialogue}. */
@Command(
    name = "dialogue",
    description = {
      "What a model understands in dialogues: in each turn of a user the intent (intent), the slots"
          + " that the turn adds (turn), and all slots since the dialogue began (joint). It is"
          + " given what was said and what it wrote itself before.",
      "Beside them what needs no model: the intent of the turn before, were it known (same_intent),"
          + " the data's commonest (commonest_intent), and that the turn adds nothing to a state"
          + " that is known (same_joint).",
      "DATA: dialogues of Schema-Guided Dialogue, a JSON object a line."
    },
    footer = {"", "Example:", "  heed evaluate dialogue valid.jsonl.gz --limit 100"})
public final class DialogueModelCommand extends ModelMeasureCommand<Dialogue, List<BeliefState>> {
  @Override
  List<Dialogue> examples(Path file) {
    return Dialogue.read(file);
  }

  @Override
  ModelFiles usual() {
    return ModelFiles.carried("dialogue");
  }

  @Override
  Asked<Dialogue, List<BeliefState>> open(ModelFiles files, @Nullable DType dtype) {
    StateTracker tracker = StateTracker.open(files, dtype);
    return new Asked<>() {
      @Override
      public List<List<BeliefState>> apply(List<Dialogue> dialogues) {
        return dialogues.stream().map(tracker::track).toList();
      }

      @Override
      public void close() {
        tracker.close();
      }
    };
  }

  @Override
  List<BeliefState> wrong() {
    return List.of();
  }

  @Override
  CorpusMeasure measure(List<Dialogue> asked, List<List<BeliefState>> given) {
    String commonest =
        asked.stream()
            .flatMap(dialogue -> dialogue.turns().stream())
            .collect(Collectors.groupingBy(turn -> turn.adds().intent(), Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .orElse("");
    List<double[]> counts = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      counts.add(counts(asked.get(i), given.get(i), commonest));
    }
    return new PooledMeasure(counts, DialogueModelCommand::shares);
  }

  private static double[] counts(Dialogue dialogue, List<BeliefState> written, String commonest) {
    double[] counts = new double[7];
    BeliefState none = new BeliefState("", Map.of());
    BeliefState right = none;
    BeliefState got = none;
    for (int i = 0; i < dialogue.turns().size(); i++) {
      BeliefState adds = dialogue.turns().get(i).adds();
      BeliefState said = i < written.size() ? written.get(i) : none;
      BeliefState before = right;
      right = right.then(adds);
      got = got.then(said);
      boolean[] holds = {
        true,
        adds.intent().equals(said.intent()),
        adds.slots().equals(said.slots()),
        right.slots().equals(got.slots()),
        adds.intent().equals(before.intent()),
        adds.intent().equals(commonest),
        right.slots().equals(before.slots())
      };
      for (int k = 0; k < holds.length; k++) {
        counts[k] += holds[k] ? 1 : 0;
      }
    }
    return counts;
  }

  private static SequencedMap<String, Double> shares(double[] counts) {
    List<String> names =
        List.of("intent", "turn", "joint", "same_intent", "commonest_intent", "same_joint");
    SequencedMap<String, Double> shares = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      shares.put(names.get(i), counts[0] == 0 ? 0 : counts[i + 1] / counts[0]);
    }
    return shares;
  }

  @Override
  Map<String, Object> told(Dialogue dialogue, List<BeliefState> written) {
    Function<BeliefState, String> text = BeliefState::toString;
    return Map.of(
        "said", dialogue.turns().stream().map(Dialogue.Turn::user).toList(),
        "states", dialogue.turns().stream().map(Dialogue.Turn::adds).map(text).toList(),
        "predictions", written.stream().map(text).toList());
  }
}
