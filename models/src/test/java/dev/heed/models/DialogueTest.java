package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.chat.ChatMessage;
import dev.heed.generate.chat.ChatTemplate;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.task.StateTracker;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import dev.heed.train.recipe.BeliefState;
import dev.heed.train.recipe.Dialogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On twelve dialogues of Schema-Guided Dialogue's development set (CC BY-SA 4.0). */
@Tag("integration")
class DialogueTest {
  private static final ModelFiles FILES = ModelFiles.carried("dialogue");

  @TempDir private Path folder;

  private List<Dialogue> sample() throws IOException {
    Path file = folder.resolve("sample.jsonl");
    Files.write(file, Samples.bytes("sgd-sample.jsonl"));
    List<Dialogue> dialogues = Dialogue.read(file);
    assertThat(dialogues).hasSize(12);
    return dialogues;
  }

  @Test
  void its_score_holds() throws IOException {
    Tokenizer tokenizer = FILES.tokenizer();
    double sum = 0;
    int tokens = 0;
    try (TensorScope scope = TensorScope.inference();
        Model model = ModelLoader.of(FILES).as(DType.F32).load()) {
      for (Dialogue dialogue : sample()) {
        long[] ids = tokenizer.ids(dialogue.text(), 1024);
        Tensor text = Tensor.of(ids, 1, ids.length);
        ModelInput input = ModelInput.of("input_ids", text).with("labels", text);
        sum += model.apply(input).loss().item() * (ids.length - 1);
        tokens += ids.length - 1;
      }
    }
    assertThat(sum / tokens).isBetween(1.88, 1.98);
  }

  @Test
  void states_are_understood_as_the_card_says() throws IOException {
    int turns = 0;
    int right = 0;
    try (StateTracker tracker = StateTracker.open(FILES, null)) {
      for (Dialogue dialogue : sample().subList(0, 3)) {
        List<BeliefState> states = tracker.track(dialogue);
        for (int i = 0; i < states.size(); i++) {
          turns++;
          right += states.get(i).equals(dialogue.turns().get(i).adds()) ? 1 : 0;
        }
      }
    }
    assertThat(right / (double) turns).isBetween(0.35, 1.0);
  }

  @Test
  void a_beginners_sentence_is_answered_as_the_card_says() {
    String said = "I am looking for a restaurant in San Jose.";
    try (TextGenerator writer = TextGenerator.open(FILES, null)) {
      String prompt = ChatTemplate.of(FILES).orElseThrow().prompt(List.of(ChatMessage.user(said)));
      int[] tokens = writer.templateTokens(prompt);
      assertThat(
              writer
                  .generateTokens(List.of(tokens), SearchSettings.of(writer.config()))
                  .getFirst()
                  .getFirst()
                  .text())
          .isEqualTo(
              "<think>FindRestaurants city=San Jose</think>What kind of food are you looking for?");
    }
  }
}
