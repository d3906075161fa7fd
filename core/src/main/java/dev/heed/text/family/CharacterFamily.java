package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.decoder.TokenText;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.NormalizerSequence;
import dev.heed.text.normalizer.Replace;
import dev.heed.text.normalizer.Uppercase;
import dev.heed.text.pattern.LiteralPattern;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.TransformersPipeline.Steps;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.pretokenizer.FixedLength;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.source.JsonPart;
import dev.heed.text.subword.SpelledUnknown;
import dev.heed.text.subword.Vocabulary;
import dev.heed.text.subword.WordLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One token a letter: wav2vec 2.0 and its kin, which hear letters, and ESM's amino acids. */
final class CharacterFamily {
  private static final SpecialTokens LETTERS =
      new SpecialTokens(
          Map.of(
              TokenRole.BOS, SpecialToken.plain("<s>"),
              TokenRole.EOS, SpecialToken.plain("</s>"),
              TokenRole.UNK, SpecialToken.plain("<unk>"),
              TokenRole.PAD, SpecialToken.plain("<pad>")),
          List.of());
  private static final SpecialTokens ACIDS =
      new SpecialTokens(
          Map.of(
              TokenRole.EOS, SpecialToken.plain("<eos>"),
              TokenRole.UNK, SpecialToken.plain("<unk>"),
              TokenRole.PAD, SpecialToken.plain("<pad>"),
              TokenRole.CLS, SpecialToken.plain("<cls>"),
              TokenRole.MASK, SpecialToken.plain("<mask>")),
          List.of());

  private CharacterFamily() {}

  /** wav2vec 2.0, HuBERT, WavLM, SEW: decoding merges repetitions. */
  static Tokenizer wav2vec(FamilyFolder folder) {
    JsonPart config = folder.config();
    config.ignore("do_normalize", "tokenizer_type");
    if (config.has("target_lang")) {
      throw config.wrong(Kind.UNSUPPORTED, "target_lang", "null", config.node("target_lang"));
    }
    if (!config.string("replace_word_delimiter_char", " ").equals(" ")) {
      throw config.wrong(
          Kind.UNSUPPORTED,
          "replace_word_delimiter_char",
          "a space",
          config.node("replace_word_delimiter_char"));
    }
    Vocabulary vocabulary = VocabularyFiles.json(folder.file("vocab.json"));
    SpecialTokens special = folder.special(LETTERS);
    String delimiter = config.string("word_delimiter_token", "|");
    boolean lower = config.flag("do_lower_case", false);
    List<Normalizer> normalizers = new ArrayList<>();
    if (lower) {
      normalizers.add(new Uppercase());
    }
    normalizers.add(new Replace(new LiteralPattern(" "), delimiter));
    AddedTokens added =
        special.in(
            vocabulary, folder.added(), piece -> piece.codePointCount(0, piece.length()) > 1);
    String unknown = special.required(TokenRole.UNK);
    Steps steps =
        Steps.of(
                new NormalizerSequence(normalizers),
                new FixedLength(1),
                new SpelledUnknown(new WordLevel(vocabulary, unknown), vocabulary.id(unknown), ""),
                new TokenText.Letters(special.required(TokenRole.PAD), delimiter, lower))
            .lowercased(lower);
    return new Assembly(folder, special, added).tokenizer(steps, PostProcessor.NONE);
  }

  /** ESM: every token of the vocabulary is found wherever it stands. */
  static Tokenizer esm(FamilyFolder folder) {
    Vocabulary vocabulary = VocabularyFiles.lines(folder.file("vocab.txt"));
    SpecialTokens special = folder.special(ACIDS);
    AddedTokens added = special.in(vocabulary, folder.added(), piece -> !piece.isEmpty());
    String unknown = special.required(TokenRole.UNK);
    Steps steps =
        Steps.of(
            null,
            Split.whitespace(),
            new SpelledUnknown(new WordLevel(vocabulary, unknown), vocabulary.id(unknown), ""),
            new TokenText.Spaced());
    return new Assembly(folder, special, added)
        .tokenizer(
            steps,
            Around.both(
                added, special.required(TokenRole.CLS), special.required(TokenRole.EOS), null, 0));
  }
}
