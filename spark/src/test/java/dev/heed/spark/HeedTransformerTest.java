package dev.heed.spark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.fixture.TinyModels;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classifier;
import dev.heed.task.Embedder;
import dev.heed.task.EntityFinder;
import dev.heed.task.Translator;
import dev.heed.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every stage in a session of two threads, against the same model asked without Spark. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class HeedTransformerTest {
  private static SparkSession session;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path warehouse) {
    session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", warehouse.toString())
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @AfterEach
  void closeModels() {
    ExecutorModels.close();
  }

  private static Dataset<Row> texts(String... texts) {
    return session.createDataset(List.of(texts), Encoders.STRING()).toDF("text").repartition(2);
  }

  private static Map<String, Row> byText(Dataset<Row> rows) {
    Map<String, Row> found = new HashMap<>();
    rows.collectAsList().forEach(row -> found.put(row.getString(0), row));
    return found;
  }

  private Path embedder() throws IOException {
    return TinyModels.embedder(folder.resolve("embedder"));
  }

  @Test
  void vectors_are_the_embedders() throws IOException {
    Path files = embedder();
    HeedEmbedding stage =
        new HeedEmbedding()
            .setInputCol("text")
            .setOutputCol("vector")
            .setModel(files.toString())
            .setBatchSize(2);
    Map<String, Row> found = byText(stage.transform(texts("a b", "c", "b c a", "a", "b")));
    assertThat(found).hasSize(5);
    try (Embedder embedder = Embedder.open(ModelFiles.folder(files), DType.F32)) {
      for (Map.Entry<String, Row> one : found.entrySet()) {
        float[] expected = embedder.embed(one.getKey());
        List<Float> vector = one.getValue().getList(1);
        for (int i = 0; i < expected.length; i++) {
          assertThat(vector.get(i)).isCloseTo(expected[i], offset(1e-5f));
        }
      }
    }
  }

  @Test
  void the_folder_may_be_sent() throws IOException {
    Path files = embedder();
    HeedEmbedding stage =
        new HeedEmbedding()
            .setInputCol("text")
            .setOutputCol("vector")
            .setModel(files.toString())
            .setBroadcast(true);
    assertThat(stage.transform(texts("a", "b")).collectAsList())
        .allSatisfy(row -> assertThat(row.getList(1)).hasSize(8));
  }

  @Test
  void classes_are_the_classifiers() throws IOException {
    TinyCheckpoint.write(folder, "bert-classify", "bert", Map.of());
    HeedClassifier stage =
        new HeedClassifier().setInputCol("text").setOutputCol("class").setModel(folder.toString());
    Map<String, Row> found = byText(stage.transform(texts("the cat", "sat")));
    try (Classifier classifier = Classifier.open(folder)) {
      for (String text : found.keySet()) {
        var best = classifier.classify(text).best();
        Row row = requireNonNull(found.get(text)).getStruct(1);
        assertThat(row.<String>getAs("label")).isEqualTo(best.name());
        assertThat(row.<Double>getAs("score")).isCloseTo(best.score(), offset(1e-6));
      }
    }
  }

  @Test
  void entities_are_the_finders() throws IOException {
    TinyCheckpoint.write(folder, "bert-ner", "bert", Map.of());
    HeedEntities stage =
        new HeedEntities().setInputCol("text").setOutputCol("found").setModel(folder.toString());
    Map<String, Row> found = byText(stage.transform(texts("the cat sat", "a man ran")));
    int count = 0;
    try (EntityFinder finder = EntityFinder.open(folder)) {
      for (String text : found.keySet()) {
        List<EntityFinder.Entity> expected = finder.find(text);
        List<Row> rows = requireNonNull(found.get(text)).getList(1);
        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
          assertThat(rows.get(i).<String>getAs("type")).isEqualTo(expected.get(i).type());
          assertThat(rows.get(i).<Integer>getAs("end")).isEqualTo(expected.get(i).end());
          count++;
        }
      }
    }
    assertThat(count).isPositive();
  }

  @Test
  void written_texts_are_the_generators() throws IOException {
    Path files = TinyModels.writer(folder.resolve("writer"));
    HeedGenerator stage =
        new HeedGenerator()
            .setInputCol("text")
            .setOutputCol("written")
            .setModel(files.toString())
            .setMaxTokens(6);
    Map<String, Row> found = byText(stage.transform(texts("Hi", "Hello there")));
    try (TextGenerator writer = TextGenerator.open(files)) {
      SearchSettings settings = SearchSettings.of(writer.config().with("max_new_tokens", 6));
      for (String text : found.keySet()) {
        assertThat(requireNonNull(found.get(text)).getString(1))
            .isEqualTo(writer.generate(List.of(text), settings).getFirst().getFirst().text());
      }
    }
  }

  @Test
  void translations_are_the_translators() throws IOException {
    TinyCheckpoint.write(folder, "bart", "bart", Map.of());
    HeedTranslator stage =
        new HeedTranslator()
            .setInputCol("text")
            .setOutputCol("other")
            .setModel(folder.toString())
            .setMaxTokens(5);
    Map<String, Row> found = byText(stage.transform(texts("the cat sat")));
    try (Translator translator = Translator.open(folder)) {
      assertThat(requireNonNull(found.get("the cat sat")).getString(1))
          .isEqualTo(
              translator.translate("the cat sat", Translator.Options.USUAL.withMost(5)).text());
    }
  }

  @Test
  void a_pipeline_is_saved_and_loaded() throws IOException {
    HeedEmbedding stage =
        new HeedEmbedding()
            .setInputCol("text")
            .setOutputCol("vector")
            .setModel(embedder().toString())
            .setBatchSize(7);
    Dataset<Row> rows = texts("a", "b c");
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {stage}).fit(rows);
    String saved = folder.resolve("saved").toString();
    model.write().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    HeedEmbedding again = (HeedEmbedding) loaded.stages()[0];
    assertThat(again.uid()).isEqualTo(stage.uid());
    assertThat((int) again.getOrDefault(again.batchSize())).isEqualTo(7);
    assertThat(byText(loaded.transform(rows))).isEqualTo(byText(model.transform(rows)));
  }

  /** A path of the page, whose folders are the reader's. */
  private String under(String path) {
    return folder + "/" + path;
  }

  private Dataset<Row> column(Dataset<Row> rows) {
    Dataset<Row> vectors =
        new HeedEmbedding()
            .setInputCol("text")
            .setOutputCol("vector")
            .setModel(under("/models/encoder"))
            .transform(rows);
    return vectors;
  }

  private Dataset<Row> query() {
    new HeedEmbedding().setModel(under("/models/encoder")).register(session, "embed");
    Dataset<Row> vectors = session.sql("SELECT embed(text) FROM lines");
    return vectors;
  }

  @Test
  void the_examples_of_the_page_give_the_same_vectors() throws IOException {
    TinyModels.embedder(Files.createDirectories(folder.resolve("models/encoder")));
    Dataset<Row> rows = texts("a", "b c").coalesce(1);
    rows.createOrReplaceTempView("lines");
    List<Row> by = column(rows).select("vector").collectAsList();
    assertThat(by).hasSize(2);
    List<Row> selected = query().collectAsList();
    for (int i = 0; i < 2; i++) {
      List<Float> vector = by.get(i).getList(0);
      List<Float> alone = selected.get(i).getList(0);
      assertThat(vector).hasSameSizeAs(alone).isNotEmpty();
      for (int j = 0; j < vector.size(); j++) {
        assertThat(vector.get(j)).isCloseTo(alone.get(j), offset(1e-5f));
      }
    }
  }

  @Test
  void sql_calls_a_stage_by_name() throws IOException {
    new HeedEmbedding().setModel(embedder().toString()).register(session, "embed");
    texts("a", "b c").createOrReplaceTempView("lines");
    assertThat(session.sql("SELECT size(embed(text)) AS n FROM lines").collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(8, 8);
    assertThat(session.sql("SELECT embed(CAST(NULL AS STRING)) AS v").first().isNullAt(0)).isTrue();
  }

  @Test
  void a_row_without_text_has_null_and_a_text_that_fails_its_message() throws IOException {
    Path files = TinyModels.writer(folder.resolve("writer"));
    StructType schema = new StructType().add("text", DataTypes.StringType);
    List<Row> given = new ArrayList<>();
    given.add(RowFactory.create("Hi"));
    given.add(RowFactory.create((Object) null));
    given.add(RowFactory.create("x".repeat(5000)));
    HeedGenerator stage =
        new HeedGenerator()
            .setInputCol("text")
            .setOutputCol("written")
            .setErrorCol("error")
            .setModel(files.toString())
            .setMaxTokens(3);
    List<Row> rows =
        stage.transform(session.createDataFrame(given, schema).coalesce(1)).collectAsList();
    assertThat(rows.get(0).getString(1)).isNotNull();
    assertThat(rows.get(0).isNullAt(2)).isTrue();
    assertThat(rows.get(1).isNullAt(1)).isTrue();
    assertThat(rows.get(1).isNullAt(2)).isTrue();
    assertThat(rows.get(2).isNullAt(1)).isTrue();
    assertThat(rows.get(2).getString(2)).contains("2048");
  }

  @Test
  void columns_that_do_not_fit_are_named() {
    HeedEmbedding stage =
        new HeedEmbedding().setInputCol("line").setOutputCol("text").setModel("x");
    StructType schema = new StructType().add("text", DataTypes.StringType).add("n", "int");
    assertThatThrownBy(() -> stage.transformSchema(schema))
        .hasMessageContaining("expected a column line, got text, n");
    assertThatThrownBy(() -> stage.setInputCol("n").transformSchema(schema))
        .hasMessageContaining("expected texts in n, got int");
    assertThatThrownBy(() -> stage.setInputCol("text").transformSchema(schema))
        .hasMessageContaining("there is a column text already");
    assertThatThrownBy(() -> new HeedEmbedding().transformSchema(schema))
        .hasMessageContaining("inputCol is not set");
    assertThatThrownBy(() -> stage.setBatchSize(0)).hasMessageContaining("batchSize");
  }
}
