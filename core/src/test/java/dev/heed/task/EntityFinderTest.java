package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.task.EntityFinder.Aggregation;
import dev.heed.task.EntityFinder.Entity;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entities from tags of tokens, beside what follows by hand from a model's logits. */
@Tag("integration")
class EntityFinderTest {
  /** A text in which a random model finds something, and its ids. */
  private static final String TEXT = "the cats liked anna ,  who saw london and the old town .";

  private static final long[] IDS = {2, 9, 11, 5, 19, 55, 63, 42, 18, 54, 39, 9, 31, 62, 64, 3};

  @TempDir Path folder;

  private EntityFinder open(Map<String, String> changes) throws IOException {
    return EntityFinder.open(TinyCheckpoint.write(folder, "bert-ner", "bert", changes), null);
  }

  /** The tags' probabilities of each token, special ones too. */
  private double[][] probabilities(long[] ids) {
    float[] flat =
        TinyCheckpoint.output(
            folder, Map.of("input_ids", ids), output -> output.logits().toFloatArray());
    double[][] all = new double[ids.length][5];
    for (int i = 0; i < ids.length; i++) {
      double sum = 0;
      for (int tag = 0; tag < 5; tag++) {
        all[i][tag] = Math.exp(flat[i * 5 + tag]);
        sum += all[i][tag];
      }
      double whole = sum;
      DoubleUnaryOperator share = x -> x / whole;
      all[i] = java.util.Arrays.stream(all[i]).map(share).toArray();
    }
    return all;
  }

  private static int best(double[] shares) {
    return IntStream.range(0, shares.length)
        .reduce((a, b) -> shares[b] > shares[a] ? b : a)
        .orElseThrow();
  }

  @Test
  void tokens_by_themselves_have_their_likeliest_tag() throws IOException {
    try (EntityFinder finder = open(Map.of())) {
      List<String> names = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
      double[][] expected = probabilities(IDS);
      List<Entity> found = finder.find(TEXT, Aggregation.NONE);
      List<String> tags = new ArrayList<>();
      for (int i = 1; i < IDS.length - 1; i++) {
        if (best(expected[i]) != 0) {
          tags.add(names.get(best(expected[i])));
        }
      }
      assertThat(found).extracting(Entity::type).isEqualTo(tags).isNotEmpty();
    }
  }

  @Test
  void words_have_the_tag_of_the_first_surest_or_mean_token() throws IOException {
    try (EntityFinder finder = open(Map.of("id2label", labels("O", "PER", "LOC", "ORG", "X")))) {
      double[][] p = probabilities(IDS);
      // cats are tokens 2 and 3
      double[] mean = new double[5];
      for (int tag = 0; tag < 5; tag++) {
        mean[tag] = (p[2][tag] + p[3][tag]) / 2;
      }
      double[] surest = p[3][best(p[3])] > p[2][best(p[2])] ? p[3] : p[2];
      assertWord(finder, Aggregation.FIRST, p[2]);
      assertWord(finder, Aggregation.AVERAGE, mean);
      assertWord(finder, Aggregation.MAX, surest);
    }
  }

  @Test
  void what_a_mark_holds_together_is_one_word() {
    String text = "AT&T of the U.K. left, well-known.Then it was in the U.S.. A.B. C end.";
    List<TextWord> words = new ArrayList<>();
    Matcher matcher = Pattern.compile("[A-Za-z]+|[^A-Za-z ]").matcher(text);
    for (int token = 0; matcher.find(); token++) {
      words.add(new TextWord(0, matcher.start(), matcher.end(), token, 1));
    }
    assertThat(HeldWords.of(words, text))
        .extracting(word -> text.substring(word.start(), word.end()) + word.tokens())
        .containsExactly(
            "AT&T3",
            "of1",
            "the1",
            "U.K.4",
            "left1",
            ",1",
            "well-known.Then5",
            "it1",
            "was1",
            "in1",
            "the1",
            "U.S.4",
            ".1",
            "A.B.4",
            "C1",
            "end1",
            ".1");
  }

  /** The entity of the word cats alone, in a text of it alone with its neighbours' tags unknown. */
  private static void assertWord(EntityFinder finder, Aggregation how, double[] shares) {
    int tag = best(shares);
    List<String> names = List.of("O", "PER", "LOC", "ORG", "X");
    Entity holding =
        finder.find(TEXT, how).stream()
            .filter(entity -> entity.firstWord() <= 1 && entity.lastWord() >= 1)
            .findFirst()
            .orElse(null);
    if (tag == 0) {
      assertThat(holding).isNull();
    } else {
      assertThat(holding).isNotNull();
      assertThat(holding.type()).isEqualTo(names.get(tag));
      if (holding.firstWord() == holding.lastWord()) {
        assertThat(holding.score()).isCloseTo(shares[tag], within(1e-6));
        assertThat(holding.text()).isEqualTo("cats");
        assertThat(holding.start()).isEqualTo(4);
        assertThat(holding.end()).isEqualTo(8);
      }
    }
  }

  private static String labels(String... names) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < names.length; i++) {
      json.append(i == 0 ? "" : ", ").append("\"" + i + "\": \"" + names[i] + "\"");
    }
    return json.append("}").toString();
  }

  /** Puts a tag on each of some words, whatever the model reads else. */
  private EntityFinder tagging(Map<Integer, Integer> tagOfToken, String... names)
      throws IOException {
    TinyCheckpoint.write(folder, "bert-ner", "bert", Map.of("id2label", labels(names)));
    TinyCheckpoint.change(
        folder,
        (name, value) ->
            switch (name) {
              case "bert.embeddings.word_embeddings.weight" -> table(tagOfToken, value);
              case "classifier.weight" ->
                  Tensor.eye(value.size(1), value.dtype()).narrow(0, 0, 5).mul(50);
              case "classifier.bias" -> value.mul(0);
              default ->
                  name.endsWith("output.dense.weight")
                          || name.endsWith("output.dense.bias")
                          || name.contains("position_embeddings")
                          || name.contains("token_type_embeddings")
                      ? value.mul(0)
                      : name.endsWith("LayerNorm.weight")
                          ? value.mul(0).add(1)
                          : name.endsWith("LayerNorm.bias") ? value.mul(0) : value;
            });
    return EntityFinder.open(dev.heed.model.ModelFiles.folder(folder), null);
  }

  private static Tensor table(Map<Integer, Integer> tagOfToken, Tensor like) {
    float[] values = new float[(int) (like.size(0) * like.size(1))];
    for (int token = 0; token < like.size(0); token++) {
      values[token * (int) like.size(1) + tagOfToken.getOrDefault(token, 0)] = 1;
    }
    return Tensor.of(values, like.size(0), like.size(1));
  }

  @Test
  void schemes_mark_the_same_spans() throws IOException {
    // anna saw | paris london | town: 55 18 | 53 54 | 62
    try (EntityFinder bio =
        tagging(
            Map.of(55, 1, 18, 2, 53, 3, 54, 3, 62, 4), "O", "B-PER", "I-PER", "B-LOC", "I-LOC")) {
      assertThat(bio.find("the anna saw a paris london and town"))
          .extracting(Entity::type, Entity::text, Entity::firstWord, Entity::lastWord)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("PER", "anna saw", 1, 2),
              org.assertj.core.groups.Tuple.tuple("LOC", "paris", 4, 4),
              org.assertj.core.groups.Tuple.tuple("LOC", "london", 5, 5),
              org.assertj.core.groups.Tuple.tuple("LOC", "town", 7, 7));
    }
    try (EntityFinder bioes =
        tagging(Map.of(55, 1, 18, 2, 53, 3, 54, 4), "O", "B-PER", "E-PER", "S-PER", "I-PER")) {
      assertThat(bioes.find("anna london saw paris paris"))
          .extracting(Entity::text)
          .containsExactly("anna london saw", "paris", "paris");
    }
    try (EntityFinder bilou =
        tagging(Map.of(55, 1, 18, 2, 53, 3, 54, 4), "O", "B-PER", "L-PER", "U-PER", "I-PER")) {
      assertThat(bilou.find("anna london saw paris paris"))
          .extracting(Entity::text)
          .containsExactly("anna london saw", "paris", "paris");
    }
  }

  @Test
  void a_text_longer_than_the_model_is_read_to_its_end() throws IOException {
    try (EntityFinder finder =
        tagging(Map.of(55, 1, 18, 2), "O", "B-PER", "I-PER", "B-LOC", "I-LOC")) {
      String text = "the anna saw a tree . ".repeat(30);
      List<Entity> found = finder.find(text);
      assertThat(found).hasSize(30);
      for (int i = 0; i < 30; i++) {
        assertThat(found.get(i).start()).isEqualTo(i * 22 + 4);
        assertThat(found.get(i).end()).isEqualTo(i * 22 + 12);
        assertThat(found.get(i).firstWord()).isEqualTo(i * 6 + 1);
      }
      List<String> words = List.of(text.split(" "));
      List<String> tags = finder.tag(words);
      assertThat(tags).hasSize(words.size());
      for (int i = 0; i < tags.size(); i++) {
        String expected =
            words.get(i).equals("anna") ? "B-PER" : words.get(i).equals("saw") ? "I-PER" : "O";
        assertThat(tags.get(i)).isEqualTo(expected);
      }
      assertThat(finder.find("")).isEmpty();
      assertThat(finder.explain("the anna saw", Aggregation.FIRST).parts()).hasSize(2);
    }
  }
}
