package dev.heed.text.recorded;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.sentencepiece.PieceType;
import dev.heed.text.sentencepiece.SentencePieceDecoder;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.sentencepiece.SentencePiecePipeline;
import dev.heed.text.source.SentencePieceFile;
import dev.heed.text.subword.UnigramSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** What SentencePiece makes of one of its models. Offsets count code points. */
final class SentencePieceRecording {
  private static final double TOLERANCE = 1e-3;

  private final Comparison comparison;
  private final SentencePieceFile file;
  private final SentencePieceModel model;
  private final SentencePieceDecoder decoder;

  SentencePieceRecording(Comparison comparison, SentencePieceFile file) {
    this.comparison = comparison;
    this.file = file;
    this.model = file.model();
    this.decoder = new SentencePieceDecoder(model);
  }

  void compare(JsonNode recorded) {
    Comparison.Entry root = comparison.entry("recording", recorded);
    root.describe("case", "reference", "files", "note", "trainer");
    root.check("vocab_size", model.pieces().size());
    root.check("unk_id", model.unknown());
    root.check("bos_id", control(file.bos()));
    root.check("eos_id", control(file.eos()));
    root.check("pad_id", control(file.pad()));
    JsonNode types = root.node("piece_types");
    comparison.compare("unknown pieces", types.path("unknown"), ofType(PieceType.UNKNOWN));
    comparison.compare("control pieces", types.path("control"), ofType(PieceType.CONTROL));
    int[] bytes = ofType(PieceType.BYTE); // of which the first few are recorded
    comparison.compare(
        "byte pieces",
        types.path("byte"),
        Arrays.copyOf(bytes, Math.min(bytes.length, types.path("byte").size())));
    root.node("texts").forEach(this::text);
    for (JsonNode node : root.node("decode_ids")) {
      Comparison.Entry entry = comparison.entry("decode_ids " + node.path("ids"), node);
      entry.check("decoded", decoder.decode(ids(entry.node("ids"))));
      entry.done();
    }
    root.done();
  }

  private int control(String piece) {
    int id = model.vocabulary().id(piece);
    return id >= 0 && model.pieces().types().get(id) == PieceType.CONTROL ? id : -1;
  }

  private int[] ofType(PieceType type) {
    return IntStream.range(0, model.pieces().size())
        .filter(id -> model.pieces().types().get(id) == type)
        .toArray();
  }

  private static int[] ids(JsonNode node) {
    List<Integer> ids = new ArrayList<>();
    node.forEach(id -> ids.add(id.intValue()));
    return ids.stream().mapToInt(i -> i).toArray();
  }

  private void text(JsonNode node) {
    Comparison.Entry entry = comparison.entry(node.path("name").asString(), node);
    entry.describe("name");
    String text = entry.text("text");
    List<Integer> ids = new ArrayList<>();
    List<String> pieces = new ArrayList<>();
    List<String> surfaces = new ArrayList<>();
    List<List<Integer>> offsets = new ArrayList<>();
    new SentencePiecePipeline(model)
        .cut(
            text,
            (id, spelling, start, end, word) -> {
              ids.add(id);
              pieces.add(spelling);
              surfaces.add(text.substring(start, end));
              offsets.add(List.of(text.codePointCount(0, start), text.codePointCount(0, end)));
            });
    entry.check("ids", ids);
    entry.check("pieces", pieces);
    entry.check("surfaces", surfaces);
    entry.check("offsets", offsets);
    entry.check("decoded", decoder.decode(ids.stream().mapToInt(i -> i).toArray()));
    entry.check("decoded_pieces", decoder.decode(pieces));
    List<Integer> around = new ArrayList<>(ids);
    around.addFirst(control(file.bos()));
    around.addLast(control(file.eos()));
    entry.check("ids_bos_eos", around);
    String normalized = model.normalize(AlignedText.of(text)).text();
    entry.check("normalized", prefixed().normalize(AlignedText.of(text)).text());
    if (entry.has("nbest")) {
      best(entry.node("nbest"), entry, normalized);
    }
    entry.done();
  }

  /** SentencePiece's normaliser by itself puts the space before the text in any model. */
  private SentencePieceNormalizer prefixed() {
    SentencePieceNormalizer n = model.normalizer();
    return new SentencePieceNormalizer(
        n.map(), n.userDefined(), n.dummyPrefix(), false, n.collapse(), n.escape());
  }

  /** Equally good cuts may come in any order, and of the last of them others may be left out. */
  private void best(JsonNode recorded, Comparison.Entry entry, String normalized) {
    List<UnigramSearch.Scored> ours = model.best(normalized, 3 * recorded.size() + 8);
    int i = 0;
    for (JsonNode cut : recorded) {
      double score = cut.path("score").doubleValue();
      int[] expected = ids(cut.path("ids"));
      boolean found =
          ours.stream()
              .filter(o -> Math.abs(o.score() - score) < TOLERANCE)
              .anyMatch(o -> Arrays.equals(idsOf(o), expected));
      double at = i < ours.size() ? ours.get(i).score() : Double.NaN;
      entry.check("nbest", found && Math.abs(at - score) < TOLERANCE, true);
      i++;
    }
  }

  private static int[] idsOf(UnigramSearch.Scored cut) {
    return IntStream.range(0, cut.pieces().size()).map(cut.pieces()::id).toArray();
  }
}
