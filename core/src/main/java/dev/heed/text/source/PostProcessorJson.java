package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.postprocessor.OffsetTrim;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.postprocessor.Template;
import dev.heed.text.postprocessor.Template.Part;
import dev.heed.text.postprocessor.Template.Special;
import dev.heed.text.postprocessor.Template.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the {@code post_processor} of a tokenizer.json. */
final class PostProcessorJson {
  private PostProcessorJson() {}

  static PostProcessor read(@Nullable JsonPart part) {
    if (part == null) {
      return PostProcessor.NONE;
    }
    String type = part.string("type");
    PostProcessor result =
        switch (type) {
          case "BertProcessing" -> bert(part);
          case "RobertaProcessing" -> roberta(part);
          case "ByteLevel" -> byteLevel(part);
          case "TemplateProcessing" -> template(part);
          case "Sequence" -> sequence(part);
          default -> throw NormalizerJson.unknown(part, "post-processor", type);
        };
    part.done();
    return result;
  }

  private static PostProcessor sequence(JsonPart part) {
    List<OffsetTrim> trims = new ArrayList<>();
    PostProcessor templates = PostProcessor.NONE;
    for (JsonPart step : part.parts("processors")) {
      PostProcessor next = read(step);
      trims.addAll(next.trims());
      boolean adds = !next.single().equals(Template.ONE) || !next.pair().equals(Template.TWO);
      if (adds && templates != PostProcessor.NONE) {
        throw JsonPart.error(
            Kind.UNSUPPORTED, step.where(), "one template at most", "a second one");
      }
      templates = adds ? next : templates;
    }
    return new PostProcessor(trims, templates.single(), templates.pair());
  }

  private static PostProcessor byteLevel(JsonPart part) {
    part.ignore("use_regex"); // it is the splitter's
    boolean prefixed = part.flag("add_prefix_space", true);
    boolean trims = part.flag("trim_offsets", true);
    return new PostProcessor(
        trims ? List.of(new OffsetTrim(prefixed)) : List.of(), Template.ONE, Template.TWO);
  }

  private static PostProcessor bert(JsonPart part) {
    Special cls = named(part, "cls", 0);
    Special sep = named(part, "sep", 0);
    return PostProcessor.of(
        new Template(List.of(cls, new Text(0, 0), sep)),
        new Template(List.of(cls, new Text(0, 0), sep, new Text(1, 1), named(part, "sep", 1))));
  }

  private static PostProcessor roberta(JsonPart part) {
    Special cls = named(part, "cls", 0);
    Special sep = named(part, "sep", 0);
    boolean prefixed = part.flag("add_prefix_space", true);
    boolean trims = part.flag("trim_offsets", true);
    return new PostProcessor(
        trims ? List.of(new OffsetTrim(prefixed)) : List.of(),
        new Template(List.of(cls, new Text(0, 0), sep)),
        new Template(List.of(cls, new Text(0, 0), sep, sep, new Text(1, 0), sep)));
  }

  private static Special named(JsonPart part, String key, int type) {
    JsonNode pair = part.list(key);
    if (pair.size() != 2 || !pair.get(0).isString()) {
      throw part.wrong(Kind.MALFORMED, key, "a token and its number", pair);
    }
    return new Special(
        JsonPart.id(part.where() + ", " + key, pair.get(1)), pair.get(0).stringValue(), type);
  }

  private static PostProcessor template(JsonPart part) {
    JsonPart special = part.object("special_tokens");
    return PostProcessor.of(
        template(part, "single", special, 1), template(part, "pair", special, 2));
  }

  private static Template template(JsonPart part, String key, JsonPart special, int texts) {
    List<Part> parts = new ArrayList<>();
    for (JsonPart piece : part.parts(key)) {
      if (piece.has("SpecialToken")) {
        JsonPart token = piece.object("SpecialToken");
        parts.addAll(specials(special, token.string("id"), token.count("type_id", 0), piece));
        token.done();
      } else {
        JsonPart text = piece.object("Sequence");
        int number = List.of("A", "B").indexOf(text.string("id"));
        if (number < 0 || number >= texts) {
          throw unknown(piece, text.string("id"));
        }
        parts.add(new Text(number, text.count("type_id", 0)));
        text.done();
      }
      piece.done();
    }
    return new Template(parts);
  }

  private static List<Special> specials(JsonPart tokens, String name, int type, JsonPart piece) {
    if (!tokens.has(name)) {
      throw unknown(piece, name);
    }
    JsonPart token = tokens.object(name);
    token.ignore("id");
    JsonNode ids = token.list("ids");
    JsonNode spellings = token.list("tokens");
    token.done();
    if (ids.size() != spellings.size() || ids.isEmpty()) {
      throw unknown(piece, name);
    }
    List<Special> specials = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      specials.add(
          new Special(
              JsonPart.id(token.where() + ", ids", ids.get(i)),
              spellings.get(i).asString(""),
              type));
    }
    return specials;
  }

  private static RuntimeException unknown(JsonPart piece, String name) {
    return JsonPart.error(
        Kind.MALFORMED,
        piece.where(),
        "pieces that name a text or one of special_tokens with as many ids as tokens",
        Quoted.of(name));
  }
}
