package dev.heed.text.source;

import dev.heed.text.decoder.Decoder;
import dev.heed.text.pretokenizer.Metaspace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code decoder} of a tokenizer.json. */
final class DecoderJson {
  private DecoderJson() {}

  static Decoder read(@Nullable JsonPart part) {
    if (part == null) {
      return new Decoder.Spaced();
    }
    String type = part.string("type");
    Decoder decoder =
        switch (type) {
          case "BPEDecoder" -> new Decoder.WordEnd(part.string("suffix", "</w>"));
          case "ByteLevel" -> byteLevel(part);
          case "WordPiece" ->
              new Decoder.WordPiece(part.string("prefix", "##"), part.flag("cleanup", true));
          case "Metaspace" -> metaspace(part);
          case "CTC" ->
              new Decoder.Ctc(
                  part.string("pad_token", "<pad>"),
                  part.string("word_delimiter_token", "|"),
                  part.flag("cleanup", true));
          case "Sequence" -> sequence(part);
          case "Replace" ->
              new Decoder.Replace(NormalizerJson.pattern(part), part.string("content"));
          case "Fuse" -> new Decoder.Fuse();
          case "Strip" ->
              new Decoder.Strip(
                  PreTokenizerJson.oneCharacter(part, "content"),
                  part.count("start", 0),
                  part.count("stop", 0));
          case "ByteFallback" -> new Decoder.ByteFallback();
          default -> throw NormalizerJson.unknown(part, "decoder", type);
        };
    part.done();
    return decoder;
  }

  private static Decoder sequence(JsonPart part) {
    List<Decoder> steps = new ArrayList<>();
    part.parts("decoders").forEach(step -> steps.add(read(step)));
    return new Decoder.Sequence(steps);
  }

  private static Decoder byteLevel(JsonPart part) {
    part.ignore("add_prefix_space", "trim_offsets", "use_regex"); // those of encoding
    return new Decoder.ByteLevel();
  }

  private static Decoder metaspace(JsonPart part) {
    part.ignore("split");
    return new Decoder.Metaspace(
        PreTokenizerJson.oneCharacter(part, "replacement"),
        PreTokenizerJson.prefix(part) != Metaspace.Prefix.NEVER);
  }
}
