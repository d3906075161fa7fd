package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class DialogueTest {
  @TempDir Path folder;

  private Path file(String lines) throws IOException {
    return Files.writeString(folder.resolve("dialogues.jsonl"), lines);
  }

  @Test
  void a_dialogue_is_a_text_of_turns_states_and_replies() throws IOException {
    Path file =
        file(
            """
            {"turns": [{"speaker": "USER", "text": "A table for 2 in San Jose.", "intent": "Reserve",
              "acts": ["INFORM_INTENT intent=Reserve", "INFORM city=San Jose|San José", "INFORM seats=2"]},
             {"speaker": "SYSTEM", "text": "When?", "acts": ["REQUEST time"]},
             {"speaker": "SYSTEM", "text": "And where?"},
             {"speaker": "USER", "text": "Thanks.", "acts": ["THANK_YOU"], "intent": "NONE"}]}
            """
                .replace("\n ", ""));
    Dialogue dialogue = Dialogue.read(file).getFirst();
    String text =
        "<|user|>A table for 2 in San Jose.<think>Reserve city=San Jose; seats=2</think>"
            + "When? And where?<|endoftext|><|user|>Thanks.<think>NONE</think><|endoftext|>";
    assertThat(dialogue.text()).isEqualTo(text);
    assertThat(
            new DataSource(file.toString(), "", DataSource.Format.DIALOGUES, null, null).learned())
        .extracting(row -> row.require("text"))
        .containsExactly(text);
  }

  @Test
  void a_state_reads_back_and_later_turns_change_it() {
    BeliefState first = BeliefState.parse(" Reserve city=San Jose; seats=2 ");
    assertThat(first)
        .isEqualTo(new BeliefState("Reserve", Map.of("city", "San Jose", "seats", "2")));
    assertThat(BeliefState.parse(first.toString())).isEqualTo(first);
    assertThat(first.then(BeliefState.parse("Find seats=3; nonsense")))
        .isEqualTo(new BeliefState("Find", Map.of("city", "San Jose", "seats", "3")));
    assertThat(BeliefState.parse("")).isEqualTo(new BeliefState("", Map.of()));
  }

  @Test
  void a_line_without_turns_is_refused_by_number() throws IOException {
    Path file = file("{\"turns\": []}\n{\"turn\": 1}\n");
    assertThatThrownBy(() -> Dialogue.read(file))
        .hasMessageContaining("line 2: expected a list turns, got none");
  }
}
