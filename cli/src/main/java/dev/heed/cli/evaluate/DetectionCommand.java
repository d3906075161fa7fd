package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.evaluate.Box;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.DetectionScore;
import dev.heed.evaluate.DetectionScore.Annotation;
import dev.heed.evaluate.DetectionScore.Detection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code heed evaluate detection}. */
@Command(
    name = "detection",
    description = {
      "Average precision and recall of detected boxes, as COCO evaluates them.",
      "COCO's JSON: references with images, annotations and categories; predictions a list of",
      "image_id, category_id, bbox [x, y, width, height] and score."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate detection --predictions boxes.json --references instances.json"
    })
public final class DetectionCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    String where = ReferenceOption.NAME + " " + references.file();
    JsonNode gold = EvaluationFiles.json(ReferenceOption.NAME, references.file());
    List<Long> images = new ArrayList<>();
    list(where, gold, "images").forEach(image -> images.add(number(where, image, "id").asLong()));
    List<Integer> categories = new ArrayList<>();
    list(where, gold, "categories")
        .forEach(category -> categories.add(number(where, category, "id").asInt()));
    List<Annotation> annotations = new ArrayList<>();
    list(where, gold, "annotations")
        .forEach(one -> {
          Box box = box(where, one);
          annotations.add(
              new Annotation(
                  number(where, one, "image_id").asLong(),
                  number(where, one, "category_id").asInt(),
                  box,
                  one.has("area") ? number(where, one, "area").asDouble() : box.area(),
                  one.path("iscrowd").asInt(0) != 0));
        });
    JsonNode found = EvaluationFiles.json(option, file);
    String there = option + " " + file;
    if (!found.isArray()) {
      throw new BadInputException(there + ": expected a list of detections, got other JSON");
    }
    List<Detection> detections = new ArrayList<>();
    found.forEach(one ->
        detections.add(
            new Detection(
                number(there, one, "image_id").asLong(),
                number(there, one, "category_id").asInt(),
                box(there, one),
                number(there, one, "score").asDouble())));
    return DetectionScore.measure(images, categories, annotations, detections);
  }

  private static JsonNode list(String where, JsonNode node, String key) {
    JsonNode list = node.path(key);
    if (!list.isArray()) {
      throw new BadInputException(where + ": expected a list " + key + ", got none");
    }
    return list;
  }

  private static JsonNode number(String where, JsonNode node, String key) {
    JsonNode number = node.path(key);
    if (!number.isNumber()) {
      throw new BadInputException(where + ": expected a number " + key + " in " + node);
    }
    return number;
  }

  private static Box box(String where, JsonNode node) {
    JsonNode sides = node.path("bbox");
    if (sides.size() != 4 || !sides.valueStream().allMatch(JsonNode::isNumber)) {
      throw new BadInputException(where + ": expected bbox [x, y, width, height] in " + node);
    }
    return new Box(
        sides.get(0).asDouble(),
        sides.get(1).asDouble(),
        sides.get(2).asDouble(),
        sides.get(3).asDouble());
  }
}
