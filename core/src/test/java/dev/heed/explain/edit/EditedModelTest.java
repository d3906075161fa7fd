package dev.heed.explain.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.edit.AttentionEdit.HeadOff;
import dev.heed.explain.edit.AttentionEdit.Knockout;
import dev.heed.fixture.RecordedModels;
import dev.heed.model.Model;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class EditedModelTest {
  private static final long[] IDS = {7, 3, 11, 5, 2};
  private static final long[] OTHER = {7, 3, 13, 5, 2};

  private static Model load(String name) {
    return ModelLoader.of(RecordedModels.named(name)).as(DType.F64).load();
  }

  @Test
  void a_decoder_without_its_last_token_to_look_at_says_what_it_says_without_it() {
    // knocking token 1 out for all others leaves every state but its own as if it were any other
    try (Model model = load("gpt2")) {
      EditedModel edited = EditedModel.of(model);
      List<AttentionEdit> blind =
          List.of(
              new Knockout(AttentionEdit.ALL, AttentionEdit.ALL, 2, 1),
              new Knockout(AttentionEdit.ALL, AttentionEdit.ALL, 3, 1),
              new Knockout(AttentionEdit.ALL, AttentionEdit.ALL, 4, 1));
      Said one = edited.run(IDS, blind);
      Said two = edited.run(new long[] {7, 17, 11, 5, 2}, blind);
      assertThat(one.probabilities()).containsExactly(two.probabilities(), within(1e-12));
      assertThat(one.changes(two)[1]).isGreaterThan(1e-3);
      assertThat(edited.run(IDS, List.of()).changes(one)[4]).isGreaterThan(1e-6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert", "gpt2", "llama", "t5"})
  void withoutAnyHeadTokensDoNotKnowOfEachOther(String name) {
    try (Model model = load(name)) {
      EditedModel edited = EditedModel.of(model);
      List<AttentionEdit> off = List.of(new HeadOff(AttentionEdit.ALL, AttentionEdit.ALL));
      Said one = edited.run(IDS, off);
      Said two = edited.run(OTHER, off);
      double[] changes = one.changes(two);
      for (int token = 0; token < IDS.length; token++) {
        if (token == 2) {
          assertThat(changes[token]).isGreaterThan(1e-4);
        } else {
          assertThat(changes[token]).isCloseTo(0, within(1e-12));
        }
      }
      assertThat(edited.run(IDS, List.of()).changes(edited.run(OTHER, List.of()))[4])
          .isGreaterThan(1e-7);
    }
  }

  @Test
  void one_head_off_is_none_of_the_others() {
    try (Model model = load("bert-classify")) {
      EditedModel edited = EditedModel.of(model);
      Said whole = edited.run(IDS, List.of());
      assertThat(Arrays.stream(whole.probabilities()).sum()).isCloseTo(1, within(1e-12));
      Said one = edited.run(IDS, List.of(new HeadOff(0, 1)));
      Said all = edited.run(IDS, List.of(new HeadOff(0, AttentionEdit.ALL)));
      Said each =
          edited.run(
              IDS,
              IntStream.range(0, edited.heads().getFirst())
                  .<AttentionEdit>mapToObj(head -> new HeadOff(0, head))
                  .toList());
      assertThat(one.probabilities()[0]).isNotCloseTo(whole.probabilities()[0], within(1e-7));
      assertThat(each.probabilities()).containsExactly(all.probabilities(), within(1e-12));
    }
  }

  @Test
  void a_query_without_keys_takes_nothing() {
    try (Model model = load("bert")) {
      EditedModel edited = EditedModel.of(model);
      List<AttentionEdit> blind =
          IntStream.range(0, IDS.length)
              .<AttentionEdit>mapToObj(key -> new Knockout(-1, -1, -1, key))
              .toList();
      Said one = edited.run(IDS, blind);
      Said two = edited.run(IDS, List.of(new HeadOff(AttentionEdit.ALL, AttentionEdit.ALL)));
      assertThat(Arrays.stream(one.changes(two)).max().orElseThrow()).isCloseTo(0, within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "bert-classify", "bert"})
  void patchingTheTokenThatDiffersBringsAllOfItBack(String name) {
    try (Model model = load(name)) {
      Patched patched = EditedModel.of(model).patch(IDS, OTHER);
      assertThat(patched.positions()[0])
          .containsExactly(new double[] {0, 0, 1, 0, 0}, within(1e-9));
      assertThat(patched.heads()).hasNumberOfRows(patched.positions().length);
      assertThat(Arrays.stream(patched.heads()[0]).map(Math::abs).max().orElseThrow())
          .isGreaterThan(1e-9);
    }
  }

  @Test
  void what_is_not_there_is_refused() {
    try (Model model = load("gpt2")) {
      EditedModel edited = EditedModel.of(model);
      assertThatThrownBy(() -> edited.run(IDS, List.of(new HeadOff(2, 0))))
          .hasMessageContaining("layer: expected a number from 0 to 1");
      assertThatThrownBy(() -> edited.run(IDS, List.of(new HeadOff(0, 4))))
          .hasMessageContaining("head: expected");
      assertThatThrownBy(() -> edited.run(IDS, List.of(new Knockout(0, 0, 5, 0))))
          .hasMessageContaining("query: expected");
      assertThatThrownBy(() -> edited.run(IDS, List.of(new Knockout(0, 0, 0, -1))))
          .hasMessageContaining("key: expected");
      assertThatThrownBy(() -> edited.patch(IDS, new long[] {1}))
          .hasMessageContaining("as many tokens");
      assertThatThrownBy(() -> edited.patch(IDS, IDS)).hasMessageContaining("got two alike");
    }
    try (Model model = load("mamba")) {
      assertThatThrownBy(() -> EditedModel.of(model)).hasMessageContaining("with attention");
    }
  }
}
