package dev.heed.text.sentencepiece;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.CharsMap;
import dev.heed.text.normalizer.SentencePieceNormalizer;
import dev.heed.text.subword.BytePieces;
import dev.heed.text.subword.PieceSink;
import dev.heed.text.subword.Pieces;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.UnigramSearch;
import dev.heed.text.subword.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A SentencePiece model: normalises a text, and cuts it. */
public final class SentencePieceModel implements TokenizerModel {
  /** How a model cuts. */
  public enum Kind {
    /** The most probable cut. */
    UNIGRAM,
    /** Merges by scores. */
    BPE,
    /** Words whole. */
    WORD,
    /** Characters. */
    CHAR
  }

  /**
   * A model's options.
   *
   * @param kind how it cuts
   * @param byteFallback whether the unknown is written as bytes
   * @param spaceAsSuffix whether a space belongs to the word before it
   * @param unknownSurface what the unknown piece decodes to
   * @param dummyPrefix whether a space is put before a text
   * @param collapseSpaces whether spaces at the ends go, and several become one
   * @param escapeSpaces whether spaces are written as U+2581
   */
  public record Options(
      Kind kind,
      boolean byteFallback,
      boolean spaceAsSuffix,
      String unknownSurface,
      boolean dummyPrefix,
      boolean collapseSpaces,
      boolean escapeSpaces) {
    /** The same with a space before a text, or without. */
    public Options withDummyPrefix(boolean prefix) {
      return new Options(
          kind, byteFallback, spaceAsSuffix, unknownSurface, prefix, collapseSpaces, escapeSpaces);
    }
  }

  private final PieceList pieces;
  private final Options options;
  private final CharsMap charsMap;
  private final Segmenter segmenter;
  private final SentencePieceNormalizer normalizer;
  private final Vocabulary vocabulary;
  private final BytePieces bytes;
  private final int unknown;

  /**
   * A model.
   *
   * @param pieces one of them unknown
   * @param options how it works
   * @param charsMap how characters are normalised
   */
  public SentencePieceModel(PieceList pieces, Options options, CharsMap charsMap) {
    this(
        pieces,
        options,
        charsMap,
        switch (options.kind) {
          case UNIGRAM -> new UnigramSegmenter(pieces);
          case BPE -> new MergeSegmenter(pieces);
          case WORD -> new WordSegmenter(pieces);
          case CHAR -> new CharacterSegmenter(pieces);
        });
  }

  private SentencePieceModel(
      PieceList pieces, Options options, CharsMap charsMap, Segmenter segmenter) {
    this.pieces = pieces;
    this.options = options;
    this.charsMap = charsMap;
    this.segmenter = segmenter;
    this.normalizer =
        new SentencePieceNormalizer(
            charsMap,
            pieces.trie(PieceType.USER_DEFINED),
            options.dummyPrefix,
            options.spaceAsSuffix,
            options.collapseSpaces,
            options.escapeSpaces);
    this.vocabulary = pieces.vocabulary();
    this.bytes = BytePieces.of(vocabulary);
    this.unknown = pieces.first(PieceType.UNKNOWN);
  }

  /** The same model with a space put before a text, or without. */
  public SentencePieceModel withDummyPrefix(boolean prefix) {
    return new SentencePieceModel(pieces, options.withDummyPrefix(prefix), charsMap, segmenter);
  }

  /** The pieces. */
  public PieceList pieces() {
    return pieces;
  }

  /** The options. */
  public Options options() {
    return options;
  }

  /** The number of the unknown piece. */
  public int unknown() {
    return unknown;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** What {@link #normalize} does. */
  public SentencePieceNormalizer normalizer() {
    return normalizer;
  }

  /** The text as the model cuts it. */
  public AlignedText normalize(AlignedText text) {
    return normalizer.normalize(text);
  }

  /**
   * Cuts a text that is normalised already.
   *
   * @param normalized as {@link #normalize} gives it
   */
  @Override
  public void tokenize(String normalized, PieceSink sink) {
    if (!normalized.isEmpty()) {
      send(normalized, segmenter.cut(normalized), sink);
    }
  }

  /**
   * The most probable cuts of a normalised text.
   *
   * @param count how many at most
   * @return the best first
   * @throws IllegalStateException if the model is not of the unigram kind
   */
  public List<UnigramSearch.Scored> best(String normalized, int count) {
    if (!(segmenter instanceof UnigramSegmenter unigram)) {
      throw new IllegalStateException(
          "best: expected a unigram model, got " + options.kind + ", which has one cut for a text");
    }
    List<UnigramSearch.Scored> best = new ArrayList<>();
    for (UnigramSearch.Scored cut : unigram.best(normalized, count)) {
      Pieces sent = new Pieces();
      send(normalized, cut.pieces(), sent);
      best.add(new UnigramSearch.Scored(sent, cut.score()));
    }
    return best;
  }

  private void send(String text, Pieces cut, PieceSink sink) {
    for (int i = 0; i < cut.size(); i++) {
      int from = cut.from(i);
      int to = cut.to(i);
      int id = cut.id(i);
      if (id >= 0 && id != unknown) {
        sink.piece(id, null, from, to);
      } else if (options.byteFallback) {
        sendBytes(text.substring(from, to), from, to, sink);
      } else {
        while (i + 1 < cut.size() && (cut.id(i + 1) < 0 || cut.id(i + 1) == unknown)) {
          i++;
        }
        sink.piece(unknown, text.substring(from, cut.to(i)), from, cut.to(i));
      }
    }
  }

  /** The last byte stands for all of the text, those before it for nothing. */
  private void sendBytes(String text, int from, int to, PieceSink sink) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < utf8.length; i++) {
      int id = bytes.id(utf8[i]);
      sink.piece(
          id < 0 ? unknown : id,
          BytePieces.spelling(utf8[i]),
          from,
          i == utf8.length - 1 ? to : from);
    }
  }
}
