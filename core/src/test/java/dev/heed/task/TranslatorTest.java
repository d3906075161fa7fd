package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.Generator;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.task.Translator.Options;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Translations: how languages are told, what is written, and what it attends to. */
@Tag("integration")
class TranslatorTest {
  private static final Options SHORT = Options.USUAL.withMost(8).withBeams(1);

  @TempDir Path folder;

  /** What a model writes from given tokens, beginning as told. */
  private Generated written(long[] ids, Map<String, Object> keys) {
    try (Model model = Model.load(folder);
        TensorScope scope = TensorScope.open()) {
      GenerationConfig config =
          TextGenerator.config(ModelFiles.folder(folder))
              .with("max_new_tokens", 8)
              .with("num_beams", 1);
      for (Map.Entry<String, Object> key : keys.entrySet()) {
        config = config.with(key.getKey(), key.getValue());
      }
      return new Generator(model)
          .generate(
              ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length)), SearchSettings.of(config))
          .getFirst()
          .getFirst();
    }
  }

  private String decoded(Generated generated) {
    long[] ids = java.util.Arrays.stream(generated.continuation()).asLongStream().toArray();
    return Tokenizer.open(folder.resolve("tokenizer.json")).decode(ids, false).strip();
  }

  @Test
  void many_to_many_models_read_one_token_and_write_after_another() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "m2m-100", "m2m", Map.of());
    Tokenizer tokenizer = files.tokenizer();
    int english = tokenizer.id("__en__").orElseThrow();
    int french = tokenizer.id("__fr__").orElseThrow();
    // __en__ the cat sat </s>
    int the = tokenizer.id("the").orElseThrow();
    long[] ids = {english, the, the + 2, tokenizer.id("sat").orElseThrow(), 2};
    Generated expected = written(ids, Map.of("forced_bos_token_id", french));
    try (Translator translator = Translator.open(files, null)) {
      assertThat(translator.languages()).containsExactlyInAnyOrder("en", "fr");
      assertThat(translator.translate("the cat sat", SHORT.withFrom("en").withTo("fr")).text())
          .isEqualTo(decoded(expected));
      assertThat(expected.continuation()[0]).isEqualTo(french);
      assertThat(translator.translate("the cat sat", SHORT.withFrom("eng").withTo("fra")).text())
          .isEqualTo(decoded(expected));
      assertThatThrownBy(() -> translator.translate("the", SHORT.withTo("de")))
          .hasMessageContaining("--to: expected one of")
          .hasMessageContaining("got de");
      assertThatThrownBy(() -> translator.translate("the", SHORT))
          .hasMessageContaining("--to: expected a language");
    }
  }

  @Test
  void a_model_of_one_pair_reads_the_text_alone() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "marian", "t5", Map.of());
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"source_lang\": \"en\", \"target_lang\": \"fr\"}");
    Tokenizer tokenizer = files.tokenizer();
    long[] ids = tokenizer.encode("the cat sat").ids();
    try (Translator translator = Translator.open(files, null)) {
      String expected = decoded(written(ids, Map.of()));
      assertThat(translator.languages()).isEmpty();
      assertThat(translator.translate("the cat sat", SHORT).text()).isEqualTo(expected);
      assertThat(translator.translate("the cat sat", SHORT.withTo("fr").withFrom("eng")).text())
          .isEqualTo(expected);
      assertThatThrownBy(() -> translator.translate("the", SHORT.withTo("de")))
          .hasMessageContaining("--to: expected fr, got de");
      List<Translator.Translation> several =
          translator.translate(List.of("the cat sat", "a dog ran , and it ate"), SHORT);
      assertThat(several.getFirst().text()).isEqualTo(expected);
    }
  }

  @Test
  void many_texts_get_what_each_gets_alone() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "marian", "t5", Map.of());
    String words = "the cat sat on the tree and the dog saw it ran";
    List<String> texts =
        IntStream.range(0, 12).mapToObj(i -> words.substring(0, 3 + i * 7 % 40).strip()).toList();
    try (Translator translator = Translator.open(files, DType.F64)) {
      for (int beams : new int[] {1, 3}) {
        Options options = SHORT.withBeams(beams);
        List<String> alone =
            texts.stream().map(text -> translator.translate(text, options).text()).toList();
        assertThat(translator.translate(texts, options, 4))
            .extracting(Translator.Translation::text)
            .isEqualTo(alone);
      }
    }
  }

  @Test
  void a_long_text_is_translated_in_pieces_of_sentences() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "marian", "t5", Map.of());
    try (Translator translator = Translator.open(files, null)) {
      String sentence = "The cat sat on the tree and the dog saw. ";
      String text = sentence.repeat(9).strip();
      // three sentences of eleven words fit with the end token into 36 places
      String three = sentence.repeat(3).strip();
      String one = translator.translate(three, SHORT).text();
      assertThat(translator.translate(text, SHORT).text()).isEqualTo(one + " " + one + " " + one);
    }
  }

  @Test
  void words_align_by_cross_attention() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "marian", "t5", Map.of());
    Tokenizer tokenizer = files.tokenizer();
    String text = "the cats sat";
    long[] ids = tokenizer.encode(text).ids();
    Generated generated = written(ids, Map.of());
    int[] all = generated.tokens().toArray();
    double[][] mean = new double[all.length - 1][ids.length];
    try (Model model = Model.load(folder);
        TensorScope scope = TensorScope.inference()) {
      long[] fed = java.util.Arrays.stream(all, 0, all.length - 1).asLongStream().toArray();
      List<Tensor> layers =
          model
              .apply(
                  ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length))
                      .with("decoder_input_ids", Tensor.of(fed, 1, fed.length)),
                  Trace.NONE,
                  new Wanted(false, true))
              .series("cross_attentions");
      for (Tensor layer : layers) {
        float[] flat = layer.toFloatArray();
        int heads = (int) layer.size(1);
        for (int i = 0; i < flat.length; i++) {
          mean[i / ids.length % fed.length][i % ids.length] += flat[i] / heads / layers.size();
        }
      }
    }
    try (Translator translator = Translator.open(files, null)) {
      AttentionMap alignment = translator.align(text, SHORT).getFirst();
      assertThat(alignment.keys()).extracting(Unit::text).containsExactly("the", "cats", "sat");
      assertThat(String.join(" ", alignment.queries().stream().map(Unit::text).toList()))
          .isEqualTo(decoded(generated));
      // the first word that was written is a token of its own
      assertThat((double) alignment.row(0, 0, 0)[0]).isCloseTo(mean[0][0], within(1e-5));
      assertThat((double) alignment.row(0, 0, 0)[1])
          .isCloseTo(mean[0][1] + mean[0][2], within(1e-5));
      assertThat(translator.explain(text, SHORT).parts()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "m2m_100,    '__en__,__fr__',    ,      en, fr, 'X 5 6 2',  forced",
    "m2m_100,    'eng_Latn,fra_Latn', ,     en, fr, 'X 5 6 2',  forced",
    "mbart,      'en_XX,fr_XX',      ,        en, fr, '5 6 2 X',    start",
    "mbart,      'en_XX,fr_XX',      2,       en, fr, '5 6 2 X',    forced",
    "marian,     '>>eng<<,>>fra<<',  ,        ,   fr, 'Y 5 6 2',    none",
    "t5,         '<2en>,<2fr>',      ,        ,   fr, 'Y 5 6 2',    none",
    "t5,         'x,y',              ,        ,   fr, '3 3 3 3 3 5 6 2',    none",
    "bart,       'en_XX,fr_XX',      ,        ,   ,   '5 6 2',      none",
  })
  void each_family_is_told_languages_in_its_way(
      String type,
      String codes,
      @Nullable Integer start,
      @Nullable String from,
      @Nullable String to,
      String read,
      String begins) {
    String[] both = codes.split(",");
    Tokenizer tokenizer =
        Tokenizer.of(
            "test",
            """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [
              {"id": 8, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true},
              {"id": 9, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor":
             {"type": "TemplateProcessing",
              "single": [{"Sequence": {"id": "A", "type_id": 0}},
                         {"SpecialToken": {"id": "</s>", "type_id": 0}}],
              "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                       {"Sequence": {"id": "B", "type_id": 0}},
                       {"SpecialToken": {"id": "</s>", "type_id": 0}}],
              "special_tokens": {"</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
             "decoder": null, "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab":
              {"<pad>": 0, "<s>": 1, "</s>": 2, "<unk>": 3, "z": 4, "cat": 5, "sat": 6, "q": 7,
               "%s": 8, "%s": 9}}}
            """
                .replaceFirst("%s", both[0])
                .replaceFirst("%s", both[1])
                .replaceFirst("%s", both[0])
                .replaceFirst("%s", both[1])
                .getBytes(StandardCharsets.UTF_8));
    ModelConfig config =
        new ModelConfig("test", new JsonMapper().readTree("{\"model_type\": \"" + type + "\"}"));
    LanguageRoute route =
        TranslatorLanguages.of(config, tokenizer, new LanguagePair(null, null)).route(from, to);
    String expected = read.replace("X", "8").replace("Y", "9");
    int[] ids = route.read("cat sat", tokenizer).ids();
    assertThat(ids)
        .containsExactly(
            java.util.Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray());
    GenerationConfig begun =
        route.config(
            start == null
                ? GenerationConfig.DEFAULTS
                : GenerationConfig.DEFAULTS.with("decoder_start_token_id", start));
    assertThat(begun.rules().forcedBosTokenId()).isEqualTo(begins.equals("forced") ? 9 : null);
    assertThat(begun.tokens().decoderStartTokenId())
        .isEqualTo(begins.equals("start") ? Integer.valueOf(9) : start);
  }

  @Test
  void a_code_that_could_mean_two_is_refused() {
    List<LanguageCode> known =
        List.of(
            new LanguageCode("zho_Hans", 1),
            new LanguageCode("zho_Hant", 2),
            new LanguageCode("fra_Latn", 3));
    assertThat(LanguageCode.find("--to", "fr", known).token()).isEqualTo(3);
    assertThat(LanguageCode.find("--to", "zho_hant", known).token()).isEqualTo(2);
    assertThatThrownBy(() -> LanguageCode.find("--to", "zh", known))
        .hasMessageContaining("expected one of zho_Hans, zho_Hant, got zh");
  }
}
