package dev.heed.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.generate.config.ConfiguredProcessors;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.Guidance;
import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.Decoder;
import dev.heed.generate.search.GuidedDecoder;
import dev.heed.generate.search.Prompts;
import dev.heed.generate.search.SearchSettings;
import dev.heed.generate.search.Uniforms;
import dev.heed.golden.GoldenFolder;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Recorded probabilities of a sampling step, draws from them, and scores under guidance. */
@Tag("integration")
class SamplingReferenceTest {
  private static final double PROBABILITIES = 1e-5;

  private static Path area() {
    return GoldenFolder.area("generation");
  }

  private static GoldenFile tensors() {
    return GoldenFile.open(area().resolve("sampling.safetensors"));
  }

  @TestFactory
  Stream<DynamicTest> recorded() {
    List<JsonNode> cases =
        StreamSupport.stream(
                ConfigReader.json(area().resolve("sampling.json")).get("cases").spliterator(),
                false)
            .filter(c -> Files.isDirectory(new RecordedSearch(model(c)).folder()))
            .toList();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(20);
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(model(c) + " " + name(c), () -> check(c)));
  }

  private static String model(JsonNode c) {
    return c.get("model").stringValue();
  }

  private static String name(JsonNode c) {
    return c.get("case").stringValue();
  }

  private static void check(JsonNode c) {
    RecordedSearch recorded = new RecordedSearch(model(c));
    SearchSettings settings = recorded.settings(c.get("arguments"));
    GenerationConfig config = settings.config();
    int[][] prefixes = rows(c.get("prefix"));
    try (TensorScope scope = TensorScope.open();
        GoldenFile tensors = tensors();
        Model model = recorded.load()) {
      ModelInput input = recorded.input(c.get("inputs"));
      boolean reads = model.kind() == ModelKind.ENCODER_DECODER;
      Tensor mask = input.get("attention_mask");
      int[] padding = new int[prefixes.length];
      for (int r = 0; !reads && mask != null && r < padding.length; r++) {
        padding[r] = (int) (mask.size(1) - mask.select(0, r).sum().itemLong());
      }
      Prompts prompts = new Prompts(prefixes, padding);
      double[] expected =
          tensors.read(c.get("probabilities").stringValue()).to(DType.F64).toDoubleArray();
      try (Decoder decoder = new ModelDecoder(model, prompts, input)) {
        var next = decoder.feed(prefixes, Decoder.Wanted.LAST_SCORES);
        int width = expected.length / prefixes.length;
        for (int r = 0; r < prefixes.length; r++) {
          double[] scores = next.last(r);
          Tokens tokens = Tokens.of(prefixes[r]);
          int prompt = tokens.size() - c.get("step").asInt();
          Prefix prefix = new Prefix(tokens, prompt, config.lengths().limit(prompt), r);
          settings.rules().process(prefix, scores);
          ConfiguredProcessors.cuts(config).process(prefix, scores);
          double[] found = Scores.softmax(scores);
          for (int i = 0; i < width; i++) {
            assertThat(found[i]).isEqualTo(expected[r * width + i], within(PROBABILITIES));
            assertThat(found[i] > 0).isEqualTo(expected[r * width + i] > 0);
          }
        }
      }
    }
  }

  @Test
  void draws_are_those_of_the_cumulative_probabilities() {
    try (TensorScope scope = TensorScope.open();
        GoldenFile tensors = tensors()) {
      Tensor probabilities = tensors.read("gpt2.temperature.probabilities");
      double[] uniforms = tensors.read("draw.uniforms").to(DType.F64).toDoubleArray();
      long[] expected = tensors.read("draw.tokens").toLongArray();
      for (int r = 0; r < probabilities.size(0); r++) {
        double[] row = probabilities.select(0, r).to(DType.F64).contiguous().toDoubleArray();
        for (int i = 0; i < uniforms.length; i++) {
          assertThat(Uniforms.draw(row, uniforms[i]))
              .isEqualTo((int) expected[r * uniforms.length + i]);
        }
      }
    }
  }

  @Test
  void guidance_mixes_two_runs_of_a_model() {
    Path path =
        area().resolve("processors").resolve("classifier_free_guidance_generate.safetensors");
    try (TensorScope scope = TensorScope.open();
        GoldenFile file = GoldenFile.open(path)) {
      JsonNode arguments = file.json("arguments");
      RecordedSearch recorded = new RecordedSearch(arguments.get("model").stringValue());
      int[][] prompt = ids(file.read("input.prompt"));
      int[][] negative = ids(file.read("input.negative_prompt"));
      int[][] sequences = ids(file.read("output.sequences"));
      try (Model model = recorded.load()) {
        Prompts prompts = new Prompts(prompt, new int[prompt.length]);
        Prompts beside = new Prompts(negative, new int[negative.length]);
        ModelInput none = ModelInput.of(java.util.Map.of());
        try (Decoder decoder =
            new GuidedDecoder(
                new ModelDecoder(model, prompts, none),
                new ModelDecoder(model, beside, none),
                beside,
                new Guidance(arguments.get("guidance_scale").asDouble()))) {
          int[][] fed = prompt;
          for (int step = 0; file.has("output." + step + ".scores"); step++) {
            double[] found = decoder.feed(fed, Decoder.Wanted.LAST_SCORES).last(0);
            double[] expected =
                file.read("output." + step + ".scores").to(DType.F64).toDoubleArray();
            assertThat(found).containsExactly(expected, within(1e-4));
            int token = sequences[0][prompt[0].length + step];
            assertThat(Scores.best(found)).isEqualTo(token);
            fed = new int[][] {{token}};
          }
        }
        ModelInput input =
            ModelInput.of("input_ids", file.read("input.prompt"))
                .with("negative_prompt_ids", file.read("input.negative_prompt"));
        SearchSettings settings =
            recorded.settings(
                tools.jackson.databind.json.JsonMapper.shared()
                    .createObjectNode()
                    .put("guidance_scale", arguments.get("guidance_scale").asDouble())
                    .put("max_new_tokens", sequences[0].length - prompt[0].length));
        assertThat(
                new Generator(model)
                    .generate(input, settings)
                    .getFirst()
                    .getFirst()
                    .tokens()
                    .toArray())
            .isEqualTo(sequences[0]);
      }
    }
  }

  private static int[][] ids(Tensor ids) {
    int width = (int) ids.size(1);
    long[] flat = ids.toLongArray();
    return IntStream.range(0, flat.length / width)
        .mapToObj(r -> IntStream.range(0, width).map(i -> (int) flat[r * width + i]).toArray())
        .toArray(int[][]::new);
  }

  private static int[][] rows(JsonNode rows) {
    return IntStream.range(0, rows.size())
        .mapToObj(r ->
            IntStream.range(0, rows.get(r).size()).map(i -> rows.get(r).get(i).asInt()).toArray())
        .toArray(int[][]::new);
  }
}
