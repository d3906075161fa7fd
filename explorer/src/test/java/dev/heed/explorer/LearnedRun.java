package dev.heed.explorer;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import dev.heed.train.recipe.Recipe;
import dev.heed.train.recipe.RecipeRun;
import dev.heed.train.report.JsonLinesLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small classifier that has learned a little, as {@code heed train} does it.
 *
 * @param reader the model that it began as
 * @param folder of the run
 */
record LearnedRun(ModelFiles reader, Path folder) {
  static final long UPDATES = 12;

  static LearnedRun in(Path folder) throws IOException {
    Path model = Files.createDirectories(folder.resolve("reader"));
    ModelFiles files = TinyCheckpoint.write(model, "bert-classify", "bert", Map.of());
    Path data =
        Files.write(
            folder.resolve("reviews.tsv"),
            List.of(
                "text\tlabel",
                "the film was good\tgood",
                "the book was bad\tbad",
                "a very good story\tgood",
                "the film was very bad\tbad"));
    Recipe recipe =
        Recipe.read(
            "recipe.json",
            JsonMapper.shared()
                .readTree(
                    """
                    {"task": "classify", "learning": {"updates": 12, "learning_rate": 0.01,
                     "batch_examples": 4}, "watching": {"every": 4}}\
                    """
                        .replace(
                            "{\"task\"",
                            "{\"model\": \"%s\", \"data\": {\"train\": \"%s\", \"valid\": \"%s\"}, \"task\""
                                .formatted(model, data, data))));
    Path learned = folder.resolve("learned");
    new RecipeRun(recipe, learned)
        .listening(new JsonLinesLog(learned.resolve("training.jsonl")))
        .run();
    return new LearnedRun(files, learned);
  }
}
